/** `vpcep-gateway check`: what an operator or an init container runs before the gateway serves. */
import { type Config, readConfig } from '../config/config.ts';
import { ConfigError } from '../config/env.ts';
import { redactText } from '../observability/redact.ts';
import { type Finding, fail, ok, warn } from './checks/finding.ts';
import { checkIssuer } from './checks/issuer-check.ts';
import { checkIam, ProjectCheck } from './checks/project-check.ts';
import { checkRedis } from './checks/redis-check.ts';
import { type CommandIo, EXIT } from './command.ts';
import { Screen } from './screen.ts';

/** The parts keep the time limit themselves, and say more than that it is over. */
const GRACE_MS = 1_000;

interface Check {
  readonly subject: string;
  run(): Promise<readonly Finding[]>;
}

interface CheckOptions {
  readonly json: boolean;
  /** For each check. */
  readonly timeoutMs: number;
}

/** @returns the exit code. */
export async function runCheck({ json, timeoutMs }: CheckOptions, io: CommandIo): Promise<number> {
  const interrupted = new Promise<null>((resolve) => io.signal.addEventListener('abort', () => resolve(null)));
  const { config, findings } = checkSettings(io.env);
  const checks = config === null ? [] : await checksOf(config, timeoutMs);
  const running = checks.map((check) => limited(check, timeoutMs));
  const screen = new Screen(io);
  let failed = false;
  for (const next of [findings, ...running]) {
    const found = await Promise.race([next, interrupted]);
    if (found === null || io.signal.aborted) return EXIT.interrupted;
    for (const finding of found) {
      screen.print(json ? JSON.stringify(finding) : lineOf(finding));
      failed ||= finding.status === 'fail';
    }
  }
  return failed ? EXIT.other : EXIT.ok;
}

function checkSettings(env: CommandIo['env']): {
  readonly config: Config | null;
  readonly findings: readonly Finding[];
} {
  try {
    const config = readConfig(env);
    const warnings = config.warnings.map((warning) => warn('settings', warning));
    return { config, findings: [ok('settings', 'no faults'), ...warnings] };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const findings = error.faults.map(({ variable, message }) => {
      const [rule = '', ...fix] = message.split('. ');
      return fail('settings', `${variable} ${rule}`, fix.join('. '));
    });
    return { config: null, findings };
  }
}

/** Loads what is needed before any check begins, so that loading takes no check's time. */
async function checksOf(config: Config, timeoutMs: number): Promise<readonly Check[]> {
  const { redis, upstream, auth, trustedDocuments, outboundProxy: proxy } = config;
  const checks: Check[] = [];
  if (redis !== null) checks.push({ subject: 'redis', run: () => checkRedis(redis, timeoutMs) });
  if (upstream.kind === 'remote') {
    const options = { proxy, timeoutMs };
    checks.push({ subject: 'projects', run: () => new ProjectCheck(options).findings(upstream) });
    if (auth.mode === 'iam-token') checks.push({ subject: 'iam', run: () => checkIam(upstream.iamUrl, options) });
  }
  if (auth.mode === 'jwt') checks.push({ subject: 'issuer of tokens', run: () => checkIssuer(auth, proxy) });
  if (trustedDocuments.mode !== 'off') {
    // The only one that needs the GraphQL schema, which is slow to load.
    const { checkDocuments } = await import('./checks/document-check.ts');
    checks.push({ subject: 'trusted documents', run: () => checkDocuments(config) });
  }
  return checks;
}

/** Never rejects. What others have said may hold a secret; settings report none. */
async function limited({ subject, run }: Check, timeoutMs: number): Promise<readonly Finding[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<readonly Finding[]>((resolve) => {
    const finding = fail(subject, `no result within ${timeoutMs / 1000} s`, 'Give it more time with --timeout');
    timer = setTimeout(() => resolve([finding]), timeoutMs + GRACE_MS);
  });
  try {
    const findings = await Promise.race([run(), late]);
    return findings.map((finding) => ({ ...finding, found: redactText(finding.found) }));
  } catch (error) {
    return [fail(subject, redactText(error instanceof Error ? error.message : String(error)))];
  } finally {
    clearTimeout(timer);
  }
}

function lineOf({ status, subject, found, mend }: Finding): string {
  const text = mend === undefined ? found : `${found.replace(/\.$/, '')}. ${mend}`;
  return `${status.padEnd(4)}  ${subject}: ${text.replace(/\.$/, '')}`;
}
