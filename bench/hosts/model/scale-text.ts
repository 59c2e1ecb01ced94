/**
 * `lockbench hosts --predict`: the model's predictions as tables.
 */
import { digits, duration } from '../../base/format.js';
import { list, parseAmount, parseCount } from '../../command-line/parse.js';
import { plainTable } from '../../text/table.js';
import { predict, type Surroundings, WAYS } from './scale.js';

const MOST_CLIENTS = 1_000_000;
const MOST_CALLS = 1_000_000_000;

export interface PredictOptions {
  readonly clients: readonly number[];
  readonly surroundings: Surroundings;
}

/** Throws UsageError. */
export function parsePredictOptions(raw: {
  readonly predict?: string;
  readonly roundTrip?: string;
  readonly callTime?: string;
  readonly serverCalls?: string;
}): PredictOptions {
  const clients = list(raw.predict ?? '').map((text) => parseCount('--predict', text, 1, MOST_CLIENTS));
  return {
    clients,
    surroundings: {
      roundTripNs: parseAmount('--round-trip', raw.roundTrip ?? '200us'),
      callNs: parseAmount('--call-time', raw.callTime ?? '20us'),
      capacity: parseCount('--server-calls', raw.serverCalls ?? '50000', 1, MOST_CALLS),
    },
  };
}

export function predictText({ clients, surroundings }: PredictOptions): string {
  const { roundTripNs, callNs, capacity } = surroundings;
  const rows = WAYS.flatMap((way) =>
    clients.map((count, i) => {
      const { perSecond, waitNs, callsPerIncrement, serverLoad, limit } = predict(way, count, surroundings);
      return [
        i === 0 ? way.name : '',
        String(count),
        digits(perSecond),
        count === 1 ? '-' : duration(waitNs),
        digits(callsPerIncrement),
        `${digits(100 * serverLoad)}%`,
        limit,
      ];
    }),
  );
  const head = ['lock', 'clients', 'per s, all', 'a wait', 'calls each', 'server', 'limited by'];
  return [
    `Predicted by a model, not measured: round trip ${duration(roundTripNs)}, ${duration(callNs)} a call besides, a server of ${capacity} calls a second.`,
    plainTable(head, rows),
  ].join('\n');
}
