import { at, later, NO_SIGNATURES, type Threat } from './threat.ts'

/** F: what we build on, and what was found about it. */
export const findings: readonly Threat[] = [
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
