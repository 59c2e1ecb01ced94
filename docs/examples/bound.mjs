import { spawnSync } from 'node:child_process';

const { strategy } = await import(`../../dist/strategies/${process.argv[2]}.js`);
const lock = strategy.open({ token: 'bound-example' });
lock.beginAcquire();
console.log(process.argv[3] ?? 'holder', 'got it:', lock.tryLock());
if (process.argv[3] === undefined) {
  const other = (who) => `${process.execPath} ${import.meta.filename} ${process.argv[2]} "${who}"`;
  const inNewNamespace = `unshare -n sh -c 'ip link set lo up; ${other('one in another namespace')}'`;
  for (const command of [other('one beside it'), inNewNamespace])
    spawnSync('sh', ['-c', command], { stdio: 'inherit' });
}
