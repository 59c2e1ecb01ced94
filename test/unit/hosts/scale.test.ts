import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type HostsOptionValues, requireTogether } from '../../../bench/hosts/hosts-options.js';
import { predict, type Surroundings, WAYS, type Way } from '../../../bench/hosts/model/scale.js';
import { parsePredictOptions, predictText } from '../../../bench/hosts/model/scale-text.js';

const around: Surroundings = { roundTripNs: 180e3, callNs: 20e3, capacity: 50_000 };
const granted: Way = { name: 'fcntl', callsInRow: 5, besides: 0, learning: 'granted', pauseNs: 0 };
const polled = (pauseNs: number): Way => ({
  name: 'excl',
  callsInRow: 5,
  besides: 0,
  learning: 'polled',
  pauseNs,
});
const near = (actual: number, expected: number, share = 1e-6): void =>
  assert.ok(Math.abs(actual / expected - 1) < share, `${actual}, not ${expected}`);

describe('what a lock over NFS costs as clients are added, on paper', () => {
  test('alone: each call in a row takes a round trip and what a call takes besides', () => {
    for (const way of WAYS) near(predict(way, 1, around).perSecond, 1e9 / (way.callsInRow * 200e3));
  });

  test('granted: four answers and a callback a turn, however many wait, so that a wait grows with their number', () => {
    for (const clients of [2, 10, 1000]) {
      const { perSecond, waitNs, callsPerIncrement, limit } = predict(granted, clients, around);
      near(perSecond, 1e9 / (4 * 200e3 + 20e3));
      near(waitNs, (clients - 1) * 820e3);
      assert.equal(callsPerIncrement, 6);
      assert.equal(limit, 'round trips');
    }
  });

  test('notified costs a round trip more than granted', () => {
    const notified: Way = { ...granted, learning: 'notified' };
    near(1e9 / predict(notified, 10, around).perSecond - 1e9 / predict(granted, 10, around).perSecond, 200e3);
  });

  test('notified: every waiter is called and asks, though one alone gets it, until that fills the server', () => {
    const notified: Way = { ...granted, learning: 'notified' };
    const of = (clients: number) => predict(notified, clients, around);
    for (const clients of [2, 3, 10]) assert.equal(of(clients).callsPerIncrement, 5 + 2 * (clients - 1));
    assert.equal(of(10).limit, 'round trips');
    assert.equal(of(1000).limit, 'server');
    // 2,003 calls a turn.
    near(of(1000).perSecond, 50_000 / 2003, 1e-3);
  });

  test('a call that nobody waits for costs the server, and no time', () => {
    const one = predict(granted, 2, around);
    const more = predict({ ...granted, besides: 1 }, 2, around);
    assert.equal(more.perSecond, one.perSecond);
    assert.equal(more.callsPerIncrement, one.callsPerIncrement + 1);
  });

  test('polled every 30 s: a free lock lies idle until somebody asks, the longer the fewer wait', () => {
    const of = (clients: number) => predict(polled(30e9), clients, around);
    near(1e9 / of(10).perSecond, 30.0002e9 / 10 + 800e3);
    assert.equal(of(10).limit, 'hand-off');
    assert.ok(of(1000).perSecond > of(10).perSecond);
  });

  test('spinning: once the server is full, each answer takes as long as it has clients, and fewer get through', () => {
    const of = (clients: number) => predict(polled(0), clients, around);
    assert.equal(of(2).limit, 'round trips');
    const many = of(1000);
    assert.equal(many.limit, 'server');
    near(many.serverLoad, 1, 1e-3);
    // 999 waiters that share 50,000 calls a second are answered after some 20 ms; a turn is four answers and a hand-off.
    near(many.perSecond, 1 / (4 * 0.02), 0.02);
    assert.ok(of(100).perSecond > 5 * many.perSecond);
  });

  test('the server is never asked for more than it can', () => {
    for (const way of WAYS)
      for (const clients of [1, 2, 3, 10, 100, 1000, 100_000])
        for (const capacity of [10, 1000, 1e6]) {
          const { serverLoad, perSecond } = predict(way, clients, { ...around, capacity });
          assert.ok(
            serverLoad <= 1.001 && perSecond > 0,
            `${way.name}, ${clients}, ${capacity}: ${serverLoad}`,
          );
        }
  });

  test('what a prediction is made of is refused without one', () => {
    assert.throws(() => requireTogether({ roundTrip: '1ms' } as HostsOptionValues), /--predict was expected/);
    assert.throws(() => requireTogether({ waitFor: '1s' } as HostsOptionValues), /--pair was expected/);
    assert.doesNotThrow(() =>
      requireTogether({ roundTrip: '1ms', predict: '1', waitFor: '1s', pair: true } as HostsOptionValues),
    );
  });

  test('the table says that it is a prediction, and from what', () => {
    const text = predictText(parsePredictOptions({ predict: '10,100', roundTrip: '1ms' }));
    assert.match(text, /^Predicted by a model, not measured: round trip 1\.00 ms, 20\.0 µs a call besides/);
    assert.match(text, /fcntl, NFSv3 +│ +10 │/);
    assert.throws(() => parsePredictOptions({ predict: '0' }), /--predict: a whole number from 1/);
  });
});
