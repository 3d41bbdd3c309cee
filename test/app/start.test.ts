import { createServer, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { listenOnLoopback } from '../support/loopback-server.ts';
import { runGatewayProcess, startGatewayProcess } from '../support/start-process.ts';
import { freePort } from '../support/start-redis.ts';

it('names every fault of the configuration at once and exits with 1, without repeating a secret', async () => {
  const { code, output } = await runGatewayProcess({
    PORT: '99999',
    HOST: '0.0.0.0',
    LOG_LEVEL: 'loud',
    REDIS_URL: 'http://user:hunter2@localhost',
    VPCEP_URL: 'ftp://example.com',
    HUAWEICLOUD_SDK_SK: 'half-a-pair',
    HUAWEICLOUD_SDK_PROJECT_ID: 'p/../q',
    ALLOWED_ORIGINS: 'https://a.example/',
    GRAPHIQL: 'perhaps',
  });
  expect(code).toBe(1);
  for (const name of [
    'PORT',
    'AUTH_MODE',
    'LOG_LEVEL',
    'REDIS_URL',
    'VPCEP_URL',
    'HUAWEICLOUD_SDK_AK',
    'HUAWEICLOUD_SDK_PROJECT_ID',
    'ALLOWED_ORIGINS',
    'GRAPHIQL',
  ]) {
    expect(output).toContain(name);
  }
  expect(output).not.toMatch(/hunter2|half-a-pair/);
});

it('refuses the simulator in production', async () => {
  const { code, output } = await runGatewayProcess({ NODE_ENV: 'production' });
  expect(code).toBe(1);
  expect(output).toContain('HUAWEICLOUD_SDK_AK');
});

const withRedis = (port: number) => ({
  PORT: '0',
  REDIS_URL: `redis://127.0.0.1:${port}`,
  VPCEP_URL: 'http://127.0.0.1:9',
  HUAWEICLOUD_SDK_AK: 'AKEXAMPLE',
  HUAWEICLOUD_SDK_SK: 'not-a-secret',
  HUAWEICLOUD_SDK_PROJECT_ID: 'project-1',
});

it('exits with 1 and says why when Redis cannot be reached', async () => {
  const { code, output } = await runGatewayProcess(withRedis(await freePort()));
  expect(code).toBe(1);
  expect(output).toMatch(/Redis did not answer/);
});

it.each([
  ['ends with 0 at once on %s while it waits for Redis', ['SIGTERM']],
  ['survives SIGHUP there, and ends with 0 on SIGINT', ['SIGHUP', 'SIGINT']],
] as const)('%s', async (_title, signals) => {
  const open = new Set<Socket>();
  const silent = createServer((socket) => open.add(socket.on('error', () => {})));
  const { port, close } = await listenOnLoopback(silent, open);
  onTestFinished(close);
  const { code } = await runGatewayProcess(withRedis(port), (signal) => {
    silent.once('connection', () => signals.forEach(signal));
  });
  expect(code).toBe(0);
});

it('starts with nothing set: simulator and in-process log, one line with the URL to open, and stops on SIGTERM', async () => {
  const gateway = await startGatewayProcess({ PORT: '0', SIMULATOR_PORT: '0' });
  expect(gateway.output()).toMatch(
    /vpcep-gateway is ready with the built-in simulator and the in-process event log: open http:\/\/127\.0\.0\.1:\d+/,
  );
  expect((await fetch(`${gateway.url}/readyz`)).status).toBe(200);
  gateway.signal('SIGTERM');
  expect(await gateway.ended).toBe(0);
});

it('takes work during the shutdown delay, and ends at once on a second signal', async () => {
  const env = { PORT: '0', SIMULATOR_PORT: '0', SHUTDOWN_DELAY_SECONDS: '600', KEEP_ALIVE_TIMEOUT_SECONDS: '7' };
  const gateway = await startGatewayProcess(env);
  const ready = async () => (await fetch(`${gateway.url}/readyz`)).status;
  expect((await fetch(`${gateway.url}/livez`)).headers.get('keep-alive')).toBe('timeout=7');
  gateway.signal('SIGTERM');
  await expect.poll(ready).toBe(503);
  expect((await fetch(`${gateway.url}/livez`)).status).toBe(200);
  gateway.signal('SIGTERM');
  expect(await gateway.ended).toBe(1);
});

it('logs an uncaught error without its members, and exits with 1', async () => {
  // The source is the address of the module, which stands in the stack: there the password is in two parts.
  const code = `process.once('SIGUSR2', () => {
    const password = 'hun' + 'ter2';
    Promise.reject(Object.assign(new Error('AUTH failed at redis://me:' + password + '@cache'), { command: { args: [password] } }));
  })`;
  const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(code)}`;
  const gateway = await startGatewayProcess({ PORT: '0', SIMULATOR_PORT: '0', NODE_OPTIONS });
  gateway.signal('SIGUSR2');
  expect(await gateway.ended).toBe(1);
  expect(gateway.output()).toMatch(/AUTH failed at redis:.*uncaught error/);
  expect(gateway.output()).not.toContain('hunter2');
});
