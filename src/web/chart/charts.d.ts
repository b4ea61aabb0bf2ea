/** Made by .config/charts.ts from the machines when the pages are built. */
declare module 'virtual:chart/environment' {
  const drawn: import('./layout/index.ts').DrawnChart
  export default drawn
}
declare module 'virtual:chart/source' {
  const drawn: import('./layout/index.ts').DrawnChart
  export default drawn
}
