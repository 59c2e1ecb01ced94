/**
 * Faults that were mended, each back in its place by a change of a line: what an attacker, a hung file system or a foreign
 * file could do is done again, and a test must turn red. Named after what goes wrong.
 */
import { inFile, type Mutation } from './mutation.js';

const DESCRIPTORS = ['system', 'machine/descriptors'];
const LEFTOVERS = ['system', 'machine/owner-name'];
const OUTPUTS = ['unit', 'text/outputs'];
const SHARED_MEMORY = ['system', 'strategies/shared-memory'];

export const MENDS: readonly Mutation[] = [
  // A link in a path leads elsewhere, and what is mounted in a tree is removed with it.
  ...inFile('strategies/posix/directory.ts', DESCRIPTORS, [
    ['const WAY = O_PATH | O_DIRECTORY | O_NOFOLLOW', 'const WAY = O_PATH | O_DIRECTORY'],
    ['RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS);', 'RESOLVE_BENEATH);'],
    [' | RESOLVE_NO_XDEV);', ' | (RESOLVE_NO_XDEV & 0));'],
  ]),
  // A user who plants a deep or a large tree keeps root busy for ever.
  ...inFile('bench/machine/files/remove.ts', DESCRIPTORS, [
    ['depth >= this.bounds.depth', 'depth >= this.bounds.depth + 1e6'],
    ['this.#left-- <= 0', 'this.#left-- <= -1e6'],
  ]),
  // A named pipe is waited for, a device used.
  ...inFile('bench/machine/files/open-file.ts', DESCRIPTORS, [
    [
      ' | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | (follow',
      ' | (O_NONBLOCK & 0) | O_NOCTTY | O_CLOEXEC | (follow',
    ],
    ["if (status.kind === 'regular file') return fd;", "if (status.kind !== 'socket') return fd;"],
  ]),
  // What bears our name is taken for ours: of another user, without our mark, or of a run that lives.
  ...inFile('bench/machine/files/leftovers.ts', LEFTOVERS, [
    ['if (!isSettled(statusOf(directory))) return false;', 'isSettled(statusOf(directory));'],
    ['|| (uid !== us && uid !== identity?.uid)) return false', ') return false'],
  ]),
  ...inFile('bench/machine/files/private-directory.ts', LEFTOVERS, [
    [' !== 0 || !marked())) return kept', ' !== 0 && !marked())) return kept'],
    [
      'status.uid !== uid || !lockDirectory(fd, { waits })',
      'status.uid !== uid && !lockDirectory(fd, { waits })',
    ],
  ]),
  // A part is removed that another user, or a run that lives, has made; its name can be guessed.
  ...inFile('bench/machine/files/replaced-file.ts', OUTPUTS, [
    ['if (uid === process.geteuid?.() && links === 1 && lock', 'if (uid !== -1 && links === 1 && lock'],
    ['links === 1 && lock(fd))', 'links === 1)'],
    ["randomBytes(8).toString('hex')", "randomBytes(8).fill(0).toString('hex')"],
  ]),
  // Shared memory that another planted: a link, a page of his, one that is too short; one that no memory stands behind.
  ...inFile('strategies/posix/shared-memory.ts', SHARED_MEMORY, [
    ['constants.O_RDWR | constants.O_NOFOLLOW |', 'constants.O_RDWR |'],
    ["if (kind === 'regular file' && uid === us &&", "if (kind === 'regular file' && uid !== -1 &&"],
    [' && size === length) return;', ') return;'],
    ['if (length === 0) return;', 'if (length >= 0) return;'],
  ]),
  // A file of another program is taken for a pid file.
  ...inFile(
    'bench/onedaemon/pid-file.ts',
    ['system', 'onedaemon/holder', 'onedaemon/bad-daemons'],
    [
      ['const PIDS = /^[\\d \\t\\r\\n]*$/', 'const PIDS = /^[\\d \\t\\r\\n]*/'],
      ['pid > 0 && pid <= LARGEST_PID', 'pid > 0 && pid <= LARGEST_PID * 1e9'],
    ],
  ),
  // The page of a flag is removed while another start opens it; what another user put in its place, with it.
  ...inFile(
    'bench/onedaemon/take-lock.ts',
    ['system', 'onedaemon/flag-page'],
    [
      ['    if (isGone()) {', "    if (isGone() && name === '') {"],
      ["error.code === 'ENOENT' && isGone()) return GONE", "error.code === '' && isGone()) return GONE"],
      ['if (isOurs()) strategy.destroy', 'if (isOurs() || site !== null) strategy.destroy'],
    ],
  ),
  // An outer lock on a high descriptor is held by a daemon's children.
  ...inFile(
    'strategies/posix/own-process.ts',
    ['system', 'onedaemon/failed-steps'],
    [['closeRange(SYS_CLOSE_RANGE, first, LAST,', 'closeRange(SYS_CLOSE_RANGE, first, Math.min(LAST, 15),']],
  ),
  // A name turns the reading order around in the terminal.
  ...inFile('bench/base/visible.ts', ['unit', 'base/visible'], [['\\p{Cc}\\p{Cf}', '\\p{Cc}']]),
  // A process that waits for a processor is taken for one that hangs.
  ...inFile(
    'bench/measure/parent/patience.ts',
    ['system', 'measure/patience'],
    [
      ["isAsleep: 'SDTt'.includes(state)", "isAsleep: 'RSDTt'.includes(state)"],
      ['- begun >= cpuNs', '- begun >= 0'],
    ],
  ),
];
