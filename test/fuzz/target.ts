/** The gateway under test: its own process with little memory, so that crashes and leaks show. */
import { type GatewayProcess, startGatewayProcess } from '../support/start-process.ts';

/** MiB of old space, three times the need: a leak of a few KB per case exhausts it within a long run. */
const HEAP_MIB = 192;

export interface Target {
  readonly url: string;
  /** A fault: it has ended, does not answer, or logged an internal error. */
  trouble(): Promise<string | null>;
  /** Bytes of the JavaScript heap in use. */
  heapUsed(): Promise<number>;
  stop(): Promise<void>;
}

export async function startTarget(env: Record<string, string> = {}): Promise<Target> {
  const gateway = await startGatewayProcess({
    PORT: '0',
    NODE_OPTIONS: `--max-old-space-size=${HEAP_MIB}`,
    ...env,
  });
  let end: number | string | undefined;
  void gateway.ended.then((code) => {
    end = code;
  });
  return {
    url: gateway.url,
    trouble: async () => {
      if (end !== undefined) return `the gateway ended with ${end}: ${gateway.output().slice(-2000)}`;
      const alive = await fetch(`${gateway.url}/livez`).catch((error: unknown) => error);
      if (!(alive instanceof Response) || !alive.ok) return `the gateway does not answer: ${String(alive)}`;
      return faultIn(gateway);
    },
    heapUsed: async () => {
      const text = await (await fetch(`${gateway.url}/metrics`)).text();
      return Number(/^nodejs_heap_size_used_bytes (\S+)$/m.exec(text)?.[1]);
    },
    stop: () => gateway.stop(),
  };
}

/** Internal errors are logged with level error. */
function faultIn(gateway: GatewayProcess): string | null {
  const line = gateway
    .output()
    .split('\n')
    .find((text) => text.startsWith('{') && JSON.parse(text).level >= 50);
  return line === undefined ? null : `the gateway logged ${line.slice(0, 2000)}`;
}
