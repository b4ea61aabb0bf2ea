/** Every threat that was considered, and what holds it: a test, a later capability that brings it, or why there is nothing to attack. */
export interface Threat {
  readonly id: string
  /** What is tried. */
  readonly what: string
  readonly held: Held
}

export type Held =
  | { readonly by: 'test'; readonly file: string; readonly title: string }
  | { readonly by: 'later'; readonly with: Later; readonly until: string }
  | { readonly by: 'absence'; readonly because: string }

/** Capabilities that are still to come. */
export type Later =
  | 'webhooks'
  | 'notifications'
  | 'dashboard'
  | 'identities'
  | 'policies'
  | 'signatures'
  | 'replicas'
  | 'service'

export interface Chapter {
  readonly name: string
  readonly threats: readonly Threat[]
}

const at = (id: string, what: string, file: string, title: string): Threat => ({
  id,
  what,
  held: { by: 'test', file: `test/${file}`, title },
})
const later = (id: string, what: string, capability: Later, until: string): Threat => ({
  id,
  what,
  held: { by: 'later', with: capability, until },
})
const absent = (id: string, what: string, because: string): Threat => ({ id, what, held: { by: 'absence', because } })

const NO_WEBHOOKS = 'changes are found by polling only; nothing listens on the network'
const NO_SIGNATURES =
  'whoever may push to the watched branch decides what is declared; plans and approvals stand between'

const findings: readonly Threat[] = [
  at(
    'F1',
    'a deadline is lost with the process',
    'runtime/actor.test.ts',
    'goes on after a restart exactly where it was',
  ),
  at(
    'F2',
    'an effect runs a second time after a restart',
    'e2e/crash/points.test.ts',
    '%s: started again it converges, nothing is written twice, nothing acknowledged is lost, replay equals the snapshot',
  ),
  at(
    'F3',
    'a throw inside the statechart ends the environment for good',
    'attacks/poison.test.ts',
    'an environment whose target makes our own code throw waits with a reason, start after start, and no other one notices',
  ),
  at(
    'F4',
    'replace refs put foreign content under a good commit',
    'adapters/git/hostile-trees.test.ts',
    'replace refs, grafts and tags of the remote change nothing',
  ),
  later('F5', 'a stolen, expired key signs a back-dated commit', 'signatures', NO_SIGNATURES),
  at(
    'F6',
    'LevelDB loses entries from its middle and says nothing',
    'adapters/store/level.test.ts',
    'a flipped byte is found when the store is opened',
  ),
  at(
    'F7',
    'a second open in our own process drops LevelDB’s lock',
    'adapters/store/lock.test.ts',
    'a refused second open of this process drops no lock of LevelDB',
  ),
  at(
    'F8',
    'the disk is full at the start',
    'adapters/store/small-disk.test.ts',
    'started on a full disk, it can be read at once, and written when there is room',
  ),
  at(
    'F9',
    'text that looks like an option reaches Git',
    'core/git-names.test.ts',
    'never accepts a text with a control byte, an option or a remote helper',
  ),
  at(
    'F10',
    'Git reads the system’s or the user’s configuration',
    'adapters/git/environment.test.ts',
    'is the fixed list exactly, whatever the controller was started with',
  ),
  at(
    'F11',
    'a fetch brings a tree that no honest Git would write',
    'adapters/git/hostile-trees.test.ts',
    'a tree with %s is refused, and the last good state is kept',
  ),
  at('F12', 'a web page posts to the API without asking', 'api/server.test.ts', '%s with %o is refused with 403'),
]

const defects: readonly Threat[] = [
  ...[
    ['D1', 'a webhook’s signature is computed over other bytes than were sent'],
    ['D2', 'a signature is compared byte by byte, or unchecked in form'],
  ].map(([id = '', what = '']) => later(id, what, 'webhooks', NO_WEBHOOKS)),
  at(
    'D3',
    'an empty webhook secret accepts anyone',
    'core/config.test.ts',
    'a webhook secret that can be guessed is refused without being shown',
  ),
  at(
    'D4',
    'an unresolved `${NAME}` becomes the secret itself',
    'core/config.test.ts',
    'a value that is empty or itself a placeholder counts as missing',
  ),
  later('D5', 'a delivery for another event or repository starts a deployment', 'webhooks', NO_WEBHOOKS),
  later('D6', 'a replayed delivery deploys an old commit', 'webhooks', NO_WEBHOOKS),
  later('D7', 'a delivery is answered before anything is durable', 'webhooks', NO_WEBHOOKS),
  later('D8', 'the webhook port has no limits', 'webhooks', NO_WEBHOOKS),
  later('D9', 'one provider only', 'webhooks', NO_WEBHOOKS),
  at(
    'D10',
    'after a restart everything counts as new, or nothing',
    'e2e/earlier-attempt.test.ts',
    '1: commits made while the controller was down are deployed when it is up again',
  ),
  at(
    'D11',
    'a failed environment is never tried again',
    'machines/environment-deploying.test.ts',
    'a validation that may pass later is tried again after a growing pause, then given up',
  ),
  at(
    'D12',
    'work happens on a new commit only, drift is never seen',
    'e2e/flow.test.ts',
    'repairs a file that was changed by hand, at the next look',
  ),
  at(
    'D13',
    'a rewritten history is deployed unseen',
    'machines/source.test.ts',
    'a rewritten history waits, and the commit before is served',
  ),
  at(
    'D14',
    'a change of what is common concerns nobody',
    'e2e/earlier-attempt.test.ts',
    '10: a commit under common concerns every environment and makes none called "common"; files beside the folders make none either',
  ),
  at(
    'D15',
    'any file under environments/ becomes an environment',
    'runtime/load-desired.test.ts',
    'are the folders with a valid name; plain files are none, and common is none',
  ),
  at(
    'D16',
    'a commit that touches several environments is taken for one',
    'runtime/load-desired.test.ts',
    'change exactly for the environment that a commit touches',
  ),
  at(
    'D17',
    'a fetch goes without credentials or trusts any host',
    'adapters/git/credentials.test.ts',
    'that is missing, or lacks known_hosts, is named before ssh starts',
  ),
  at(
    'D18',
    'one hung target blocks polling and production',
    'attacks/poison.test.ts',
    'a target that never answers delays nobody else, and is told',
  ),
  at(
    'D19',
    'without Git nothing is served from the cache',
    'e2e/remotes.test.ts',
    'a remote that stops is served from the cache, says since when, and comes back by itself',
  ),
  at(
    'D20',
    'an approval is followed by another plan than was shown',
    'e2e/flow.test.ts',
    'shows its plan, and approval deploys exactly that plan',
  ),
  at(
    'D21',
    'who approved is whatever the request says',
    'api/server.test.ts',
    'without proof of who asks they answer 401, whatever the request claims',
  ),
  at(
    'D22',
    'an approval overrides what a gate denies',
    'core/gates.test.ts',
    'deny beats defer beats ask: a hold blocks even what is approved',
  ),
  at(
    'D23',
    'yesterday’s request is approved after today’s',
    'e2e/flow.test.ts',
    'a newer commit voids the request; approving the old one is refused with the reason',
  ),
  at(
    'D24',
    'a crash leaves a deployment running for ever',
    'e2e/kill.test.ts',
    'every run converges, nothing is deployed twice, nothing acknowledged is lost, and replay equals the snapshot',
  ),
  at(
    'D25',
    'a commit that was rolled back is deployed again and again',
    'machines/environment-deploying.test.ts',
    'after a rollback the release stays away; the next commit deploys by itself',
  ),
  at(
    'D26',
    'Synced is said without a look at the target',
    'e2e/earlier-attempt.test.ts',
    '3, 4: a record goes through every state, and Completed means that the target holds the new content',
  ),
  at(
    'D27',
    'what is missing from Git is deleted though prune is off',
    'core/plan/order.test.ts',
    'only deletes what is ours, unprotected and no longer declared, with prune on, where the target can (I11)',
  ),
  at('D28', 'one name twice stops everything', 'core/desired.test.ts', 'a duplicate names both places'),
  at(
    'D29',
    'a window without a zone opens an hour early',
    'core/gates.test.ts',
    'follows the wall clock of its zone on daylight-saving days',
  ),
  at(
    'D30',
    'the record says nothing of who asked',
    'runtime/actor.test.ts',
    'people’s acts and deployments are in the audit log, in their names',
  ),
  later('D31', 'whoever holds the Git host holds production', 'signatures', NO_SIGNATURES),
  absent(
    'D32',
    'a commit switches off its own approval',
    'what needs approval stands in the configuration on the controller’s machine; nothing of the repository is read as policy',
  ),
  later(
    'D33',
    'one process holds the credentials of all environments',
    'identities',
    'run one controller for each environment where that matters',
  ),
  absent('D34', 'rights of a cluster for what is not in one', 'the controller asks for no right but its own folders'),
  at(
    'D35',
    'a token stands in the environment for all to read',
    'adapters/secrets-files.test.ts',
    'in a file comes before the environment',
  ),
  at(
    'D36',
    'a log line holds a URL with its password, or a line of somebody else’s',
    'adapters/log-pino.test.ts',
    'that is known appears nowhere: message, fields, keys, lists, errors, bound fields; as it is or encoded',
  ),
  at('D37', 'the audit trail can be edited', 'adapters/store/level.test.ts', 'an entry that was %s is named'),
  later('D38', 'two replicas deploy the same twice', 'replicas', 'a second controller on the same data is refused'),
  later('D39', 'a notification goes to an address inside the network', 'notifications', 'nothing is sent yet'),
  at('D40', 'a key is called differently in two places', 'core/config/reference.test.ts', 'shows every key'),
  at(
    'D41',
    'health is never asked of the target',
    'machines/environment-deploying.test.ts',
    'goes validating, backing up, applying wave by wave, verifying, Synced',
  ),
]

const cases: readonly Threat[] = [
  at(
    '1',
    'a name that is a path out of its folder',
    'adapters/drivers/directory.test.ts',
    'the name %j is refused by the dry run and by the apply, and nothing is written',
  ),
  at('2', 'symbolic links in the repository', 'runtime/load-desired.test.ts', 'a link to a file'),
  absent('3', 'files that include each other', 'nothing of a file names another file'),
  at(
    '4',
    'a mistake in a file that holds a secret',
    'core/desired/fuzz.test.ts',
    'no problem repeats a value of a spec',
  ),
  at(
    '5',
    'branch names that are options, ranges or paths',
    'core/git-names.test.ts',
    'accepts nothing that git itself refuses',
  ),
  at(
    '6',
    'trees with .git, .., duplicate or linked names',
    'adapters/git/hostile-trees.test.ts',
    'a tree with %s is refused, and the last good state is kept',
  ),
  at(
    '7',
    'submodules, LFS, attributes, filters, hooks',
    'adapters/git/hostile-trees.test.ts',
    'submodules, attributes and LFS pointers bring nothing and change nothing',
  ),
  at(
    '8',
    'URLs that are options, helpers or other protocols',
    'core/git-names.test.ts',
    'a refusal never repeats the text',
  ),
  at(
    '9',
    'ids that are no ids, from any side',
    'contract/git.suite.ts',
    'refuses what is no id before anything is asked',
  ),
  at(
    '10',
    'configuration or options of Git through a parameter',
    'adapters/git/environment.test.ts',
    'holds the token in no argument and no variable',
  ),
  at(
    '11',
    'a hostile environment when the controller is started',
    'adapters/git/environment.test.ts',
    'is the fixed list exactly, whatever the controller was started with',
  ),
  at(
    '12',
    'a cache with hooks, aliases or an fsmonitor in its configuration',
    'adapters/git/cache.test.ts',
    'with %s in its configuration is made anew, and nothing is executed',
  ),
  at(
    '13',
    'tags, functions and templates in YAML',
    'core/documents/index.test.ts',
    'a wrong tag hides no other mistake of its document, and keeps the document from being used',
  ),
  at(
    '14',
    'canaries in every secret, and every error path',
    'attacks/canary.test.ts',
    'no secret leaves: not to logs, answers, people, arguments of commands or the disk, whatever fails',
  ),
  at(
    '15',
    'an error that holds a URL with its password',
    'core/git-names.test.ts',
    'no password in any position of a web URL is shown',
  ),
  at(
    '16',
    'a diff of a secret field',
    'core/diff/conceal.test.ts',
    'is in no plan when it is %s, and the change still is',
  ),
  at(
    '17',
    'a target that answers with the secret it was sent',
    'attacks/canary.test.ts',
    'no secret leaves: not to logs, answers, people, arguments of commands or the disk, whatever fails',
  ),
  at(
    '18',
    'secrets in the store and its backup',
    'attacks/canary.test.ts',
    'no secret leaves: not to logs, answers, people, arguments of commands or the disk, whatever fails',
  ),
  at('19', 'a redirect to another host', 'adapters/git/credentials.test.ts', 'is never sent after a redirect'),
  at('20', 'bodies without end, and requests that never finish', 'attacks/socket.test.ts', 'is cut off: %s'),
  later('21', 'ten thousand mutations of a provider’s payload', 'webhooks', NO_WEBHOOKS),
  at('22', 'content types that are none, two or look alike', 'api/server.test.ts', 'sent as %s they answer 415'),
  at('23', 'thousands of headers, or one without end', 'attacks/socket.test.ts', 'is cut off: %s'),
  at(
    '24',
    'something stored or declared that makes our own code throw',
    'attacks/poison.test.ts',
    'an environment whose target makes our own code throw waits with a reason, start after start, and no other one notices',
  ),
  at(
    '25',
    'alias bombs, deep nesting, files without end',
    'core/documents/hostile.test.ts',
    'what is too much is told where it begins',
  ),
  at(
    '26',
    'keys that reach the prototype',
    'core/documents/fuzz.test.ts',
    'YAML-like text gives problems, never an exception, and leaves prototypes alone',
  ),
  at(
    '27',
    'duplicate keys, old booleans, numbers that do not fit, odd bytes',
    'core/documents/index.test.ts',
    'each mistake has one code and its place',
  ),
  absent(
    '28',
    'a regular expression that takes for ever',
    'nobody can hand one in: ignore rules are JSON Pointers, compared as text',
  ),
  at(
    '29',
    'a Git server that hangs, or sends without end',
    'adapters/git/hostile-trees.test.ts',
    'a pack above the limit is cut off, and leaves nothing',
  ),
  at(
    '30',
    'webhooks with a secret that can be guessed',
    'core/config.test.ts',
    'a webhook secret that can be guessed is refused without being shown',
  ),
  later('31', 'signatures that are absent, short, or of another provider', 'webhooks', NO_WEBHOOKS),
  later('32', 'bodies that differ in form from what was signed', 'webhooks', NO_WEBHOOKS),
  later('33', 'a good signature for another repository, branch or event', 'webhooks', NO_WEBHOOKS),
  later('34', 'a repository’s URL that is a pattern', 'webhooks', NO_WEBHOOKS),
  at(
    '35',
    'links with other schemes',
    'e2e/web/dashboard.test.ts',
    'shows what is hostile in the repository as text, every character of it',
  ),
  at(
    '36',
    'markup, direction and escape characters in anything that is shown',
    'cli/commands.test.ts',
    'what comes from the repository cannot act on the terminal',
  ),
  at('37', 'a page of another origin posts', 'api/server.test.ts', '%s with %o is refused with 403'),
  at(
    '38',
    'another Host, or a foreign origin on a live connection',
    'api/web.test.ts',
    '%j is refused with 421 on pages and on the API',
  ),
  at(
    '39',
    'an order by GET, or from something kept',
    'api/server.test.ts',
    'a route that does not exist, and an order by GET, answer 404',
  ),
  at(
    '40',
    'every route, every right',
    'api/rights.test.ts',
    'gives none of the orders there are, on the socket, in a session and by itself',
  ),
  at(
    '41',
    'another way in for the same order',
    'api/server.test.ts',
    'each reaches the controller once, in the name that was proved',
  ),
  at('42', 'empty, unknown and look-alike names', 'api/identity.test.ts', '%s is refused'),
  at(
    '43',
    'a right that is taken away while a request is open',
    'api/live.test.ts',
    'hangs up on %s within 5 s when the token is taken away',
  ),
  later(
    '44',
    'an environment that names the secret of another one',
    'identities',
    'whoever may push for one environment may name any secret that this controller holds: keep them in controllers of their own',
  ),
  absent(
    '45',
    'a commit that edits the policy for itself',
    'policy is read from the configuration on the controller’s machine only',
  ),
  at(
    '46',
    'addresses that lead elsewhere than they say: a name that leads to a cloud’s metadata service, at once or later',
    'adapters/drivers/link-local.test.ts',
    'is not connected to, and told as a mistake of the configuration: %s',
  ),
  later('47', 'a notification that holds up a deployment', 'notifications', 'nothing is sent yet'),
  at(
    '48',
    'a host that is not known, a certificate that is wrong',
    'adapters/git/failures.test.ts',
    '%j is HONUA_GIT_%s',
  ),
  later('49', 'commits that are unsigned, or signed by the wrong key', 'signatures', NO_SIGNATURES),
  at(
    '50',
    'an approval twice, late, foreign, or of another plan',
    'e2e/flow.test.ts',
    'refuses a second approval, and one after expiry',
  ),
  at(
    '51',
    'drift or a commit between approval and write',
    'machines/environment-approval.test.ts',
    'a plan found stale after approval is void, and planned anew',
  ),
  at(
    '52',
    'a force-push',
    'contract/git.suite.ts',
    'a force-push is a rewrite, and the abandoned commit stays readable',
  ),
  at('53', 'a head that moves backwards', 'machines/source.test.ts', 'a history that is put right again is watched on'),
  absent('54', 'a tag that moves', 'branches are watched, and nothing else'),
  at(
    '55',
    'replace refs, grafts, shallow histories',
    'adapters/git/hostile-trees.test.ts',
    'replace refs, grafts and tags of the remote change nothing',
  ),
  at(
    '56',
    'an edited, deleted, swapped or cut record',
    'adapters/store/level.test.ts',
    'a tail that is lost is found by the anchor',
  ),
  at(
    '57',
    'line breaks and escapes in what is logged',
    'adapters/log-pino.test.ts',
    'stays one line, and acts on no terminal, whatever text is in it',
  ),
  at(
    '58',
    'a socket’s path that is a link, too long, or somebody else’s',
    'api/socket-path.test.ts',
    '%s at the path is neither used nor removed',
  ),
  at(
    '59',
    'another user at the socket',
    'adapters/peer-identity.test.ts',
    'the file’s owner is who asks, and the file is gone afterwards',
  ),
  at(
    '60',
    'two controllers on one folder',
    'adapters/store/level.test.ts',
    'a stopped holder still holds; a killed one does not',
  ),
  at(
    '61',
    'a data folder that others may read',
    'adapters/store/level.test.ts',
    'keep others out, and wrong ones are corrected',
  ),
  at(
    '62',
    'twins in case or accent, nothing where much was',
    'core/desired/folder.test.ts',
    'names that differ in case only are refused, and so are those that differ in how an accent is written',
  ),
  at('63', 'a backup that was made to do harm', 'attacks/fuzz/targets.ts', 'a backup'),
  at(
    '64',
    'clocks that jump, days of 23 and 25 hours',
    'simulation/seeds.test.ts',
    '%s: every promise is kept, and each seed gives the same history again',
  ),
  at(
    '65',
    'an install script, or a package from elsewhere',
    'supply-chain/supply-chain.test.ts',
    'has no package with an install script but those that are named and refused',
  ),
  at(
    '66',
    'a reader that never reads',
    'api/events.test.ts',
    'delays nobody, holds a bounded number of events, and is told how many it missed',
  ),
]

const steps: readonly Threat[] = [
  at(
    'S1',
    'a path in a topology that leads to another host, or above the address that is configured',
    'adapters/drivers/checks.test.ts',
    'leads no request out of the address that is configured: %s',
  ),
  at(
    'S2',
    'a server that is checked points elsewhere, by a redirect or a link, or never ends its answer',
    'adapters/drivers/checks.test.ts',
    'follows no redirect and no link, and reads no endless answer',
  ),
  at('S3', 'checks are pointed at a cloud’s metadata service', 'adapters/drivers/checks.test.ts', 'never checks at %s'),
  at(
    'S4',
    'a server gives the key back, and the result of a check is stored with it',
    'adapters/drivers/checks.test.ts',
    'shows no secret, though the server gives it back',
  ),
  at(
    'S5',
    'a name in Git that means something in XML, JSON or a path',
    'adapters/drivers/steps.test.ts',
    'may be XML, where nothing that is filled in is taken for a tag',
  ),
  at(
    'S6',
    'a cache tells that a server is well which is not',
    'adapters/drivers/checks.test.ts',
    'of driver %s is not well by what a cache had ready, and asks past caches',
  ),
  at(
    'S7',
    'an answer is lost, and a step is done twice',
    'contract/driver.steps.ts',
    'a step whose answer is lost is not done twice',
  ),
  at(
    'S8',
    'a server that is written to answers with a redirect, to be sent the key elsewhere',
    'adapters/drivers/honua.test.ts',
    'a redirect to another host is not followed, and both hosts are named',
  ),
]

const inspectors: readonly Threat[] = [
  at(
    'I1',
    'an inspector that nobody let in',
    'api/inspect/doors.test.ts',
    'at %s is let in by a token, by a session, and not without either',
  ),
  at(
    'I2',
    'a page of another site that connects with the cookie of a browser',
    'api/inspect/doors.test.ts',
    'of a page of the origin %s is refused, though the cookie is there',
  ),
  at(
    'I3',
    'a name that was turned to this computer by its DNS',
    'api/inspect/doors.test.ts',
    'that asks for the host %s, as after DNS was turned to here, is refused',
  ),
  at(
    'I4',
    'an event is sent through an inspector, to approve or to falsify',
    'api/inspect/doors.test.ts',
    'at %s as an event reaches no actor and gives no order: it is hung up on, and told why',
  ),
  at(
    'I5',
    'frames that are huge, or millions of pieces',
    'api/inspect/doors.test.ts',
    'may not be long, nor come in many pieces',
  ),
  at(
    'I6',
    'inspectors without number',
    'api/inspect/doors.test.ts',
    'is one of eight; the ninth is refused until one leaves',
  ),
  at(
    'I7',
    'an inspector that never reads',
    'api/inspect/doors.test.ts',
    'delays nobody, costs a bounded number of bytes, and is told why it is hung up on',
  ),
  at(
    'I8',
    'an address of an inspector that was overheard or kept',
    'api/inspect/doors.test.ts',
    'is good for a minute, and not once the token that it was asked with is taken away',
  ),
  at(
    'I9',
    'a secret in what an inspector is shown',
    'api/inspect/shown.test.ts',
    'is shown no secret that got into an event or a context, neither by its name nor by its value',
  ),
]

export const corpus: readonly Chapter[] = [
  { name: 'Findings about what we build on', threats: findings },
  { name: 'Defects of the document that this began with', threats: defects },
  { name: 'Cases', threats: cases },
  { name: 'Steps of a topology', threats: steps },
  { name: 'Inspectors', threats: inspectors },
]
