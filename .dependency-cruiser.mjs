/**
 * Which room may import which, type imports included. A room imports rooms that stand before it in ROOMS; no feature
 * imports another, but for those that compose features or read what features made.
 */

/** From the ground up. Rooms of one line do not import each other. */
const ROOMS = [
  ['strategies/posix'],
  ['strategies/shared'],
  ['strategies'],
  ['bench/base'],
  ['bench/statistics'],
  ['bench/machine'],
  ['bench/text'],
  ['bench/measure/result'],
  ['bench/measure/worker'],
  ['bench/measure/verdict'],
  ['bench/measure/parent'],
  ['bench/outside'],
  ['bench/scenario', 'bench/lab'],
  ['bench/command-line'],
  ['bench/nfs/frame'],
  [
    ...[
      'run',
      'pairs',
      'crash',
      'order',
      'onedaemon',
      'catalogue',
      'doctor',
      'compare',
      'workers',
      'hosts',
      'watch',
    ].map((name) => `bench/${name}`),
    ...['compare', 'faults', 'roundtrip', 'options'].map((name) => `bench/nfs/${name}`),
  ],
  ['bench/prove'],
  ['bench/compat'],
  ['bench/nfs/compat'],
  ['bench/nfs'],
  ['bench/reproduce'],
  ['bench/report'],
  ['bench/completion'],
  ['bench/cli.ts', 'bench/lockbench.ts'],
  ['bench/dev'],
];

/** Rooms that stand in the same folder as others: only what lies in the folder itself. */
const FLAT = ['strategies', 'bench/nfs'];
const pattern = (room) =>
  FLAT.includes(room) ? `^${room}/[^/]+$` : room.endsWith('.ts') ? `^${room}$` : `^${room}/`;

const layered = ROOMS.flatMap((line, height) =>
  line.map((room) => {
    const above = [...ROOMS.slice(height + 1).flat(), ...line.filter((other) => other !== room)];
    return {
      name: `${room} imports only what stands below it`,
      severity: 'error',
      from: { path: pattern(room) },
      to: { path: above.map(pattern) },
    };
  }),
).filter(({ to }) => to.path.length > 0);

/** The contract and the catalogue are read by all; `strategies/shared` and `posix` read the contract's types. */
const CONTRACT = '^strategies/strategy\\.ts$';

export default {
  forbidden: [
    ...layered.map((rule) => ({ ...rule, to: { ...rule.to, pathNot: CONTRACT } })),
    { name: 'no circle of files', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no circle of folders',
      severity: 'error',
      scope: 'folder',
      from: {},
      to: { circular: true },
    },
    {
      name: 'everything is in a room',
      severity: 'error',
      from: { pathNot: ['^test/', ...ROOMS.flat().map(pattern)] },
      to: {},
    },
    {
      name: 'what measures prints nothing',
      severity: 'error',
      from: { path: '^bench/measure/' },
      to: { path: '^bench/text/' },
    },
    { name: 'nothing imports tests', severity: 'error', from: { pathNot: '^test/' }, to: { path: '^test/' } },
    {
      name: 'every import is found',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^node:' },
    },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
  },
};
