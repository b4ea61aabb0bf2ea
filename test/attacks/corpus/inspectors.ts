import { at, type Threat } from './threat.ts'

/** I: those who may look into the charts. */
export const inspectors: readonly Threat[] = [
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
