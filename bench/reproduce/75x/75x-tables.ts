/**
 * What `75x` measured, in tables: the costs as ratios, what the model says of them, and a turn taken apart.
 */
import { bounds, digits, duration, tellsBounds } from '../../base/format.js';
import type { MedianEstimate } from '../../statistics/median.js';
import type { Table } from '../experiment/reproduction-schema.js';
import { type Evidence, modelled } from './75x-evidence.js';
import { ratioOf } from './75x-model.js';

/** As the book ran it: alone, and ten at once. */
export const TOGETHER = 10;

export const ratioText = (ratio: MedianEstimate | null): string =>
  ratio === null
    ? '-'
    : `${digits(ratio.median)}x${tellsBounds(ratio) ? ` (${bounds(ratio.low, ratio.high, ratio.median)})` : ''}`;

function ratioTable({ testDirectories }: Evidence): Table {
  return {
    title:
      'Cost of an increment, as a multiple of the record lock’s in the same place; in brackets low to high over the rounds',
    head: ['where', 'record lock', 'lock file', 'hard link', 'mode 0', `lock file, ${TOGETHER} processes`],
    rows: testDirectories.map(({ name, alone, together }) => [
      name,
      duration(alone[0]?.nsPerIncrement.median ?? Number.NaN),
      ...[1, 2, 3].map((i) => ratioText(ratioOf(alone, i))),
      ratioText(ratioOf(together, 1)),
    ]),
  };
}

const counted = (requests: number, ns: number): string => `${requests.toFixed(2)}, ${duration(ns)}`;

/**
 * A row for each place and way. The journal's commits are waited for by way of the disk, so their time is not a part of its own;
 * what is waited for besides: the journal's thread, being woken, and others.
 */
function anatomyTable({ testDirectories }: Evidence): Table {
  return {
    title:
      'One turn of one process taken apart: its parts; processor time of the program and of its system calls; and its waits ' +
      'for disk writes and flushes (number on the whole disk, and time) and for everything else. Last, the journal’s commits ' +
      '(number, and time of one with its writes and flushes)',
    head: ['turn of', 'lock', 'number', 'unlock', 'program', 'calls', 'writes', 'flushes', 'else', 'commits'],
    rows: testDirectories.flatMap(({ name, anatomy }) =>
      anatomy.map(({ way, lockNs, numberNs, unlockNs, userNs, systemNs, waitedNs, disk, journal }) => [
        `${way}, ${name}`,
        ...[lockNs, numberNs, unlockNs, userNs, systemNs].map(duration),
        ...(disk === null
          ? ['-', '-', duration(waitedNs)]
          : [
              counted(disk.writes, disk.writeNs),
              counted(disk.flushes, disk.flushNs),
              duration(Math.max(0, waitedNs - disk.writeNs - disk.flushNs)),
            ]),
        journal === null ? '-' : counted(journal.commits, journal.commitNs),
      ]),
    ),
  };
}

function modelTable(found: Evidence): Table[] {
  const rows = modelled(found).map(({ testDirectory, model }) => [
    testDirectory.name,
    `${digits(model.waits)} × ${duration(model.eachNs)} (${model.forWhat})`,
    `${digits(model.ratio)}x`,
    ratioText(ratioOf(testDirectory.alone, 1)),
    duration(model.wantedNs),
  ]);
  if (rows.length === 0) return [];
  return [
    {
      title:
        'The model: ratio = (turn in a plain directory + waits × one wait) / turn of the record lock. The waits are counted; ' +
        'one wait is measured on its own',
      head: ['where', 'waits a turn', 'ratio by the model', 'as measured', 'one wait where it is 75'],
      rows,
    },
  ];
}

const missingTable = ({ missing }: Evidence): Table[] =>
  missing.length === 0
    ? []
    : [
        {
          title: 'Not measured',
          head: ['where', 'why'],
          rows: missing.map(({ name, reason }) => [name, reason]),
        },
      ];

export const tablesOf = (found: Evidence): Table[] => [
  ratioTable(found),
  ...modelTable(found),
  anatomyTable(found),
  ...missingTable(found),
];
