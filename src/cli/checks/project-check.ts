/** One signed read for each project, with the project's own keys; the clocks of the hosts that answer. */
import { Projects } from '../../app/projects.ts';
import type { OutboundProxy } from '../../config/outbound-proxy.ts';
import type { ProjectSettings } from '../../config/projects-file.ts';
import type { RemoteUpstream } from '../../config/upstream.ts';
import { createLogger } from '../../observability/logger.ts';
import { type UnreachableReason, unreachableReason } from '../../observability/unreachable-hosts.ts';
import { systemClock } from '../../shared/clock.ts';
import { Secret } from '../../shared/secret.ts';
import { VpcepClient } from '../../vpcep/client.ts';
import { UpstreamError } from '../../vpcep/errors/upstream-error.ts';
import { ExchangeError } from '../../vpcep/http/exchange.ts';
import { httpDate } from '../../vpcep/http/retry-after.ts';
import { lookUpToken } from '../../vpcep/iam.ts';
import { CredentialGuard } from '../../vpcep/signing/credential-guard.ts';
import { tokenCredential } from '../../vpcep/signing/credentials.ts';
import { Transport, type UpstreamTarget } from '../../vpcep/transport/transport.ts';
import { judgeClock } from './clock-check.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

/** Of no caller: its refusal shows that the host answers. */
const NO_TOKEN = new Secret('vpcep-gateway-check');

export interface ProjectCheckOptions {
  readonly proxy: OutboundProxy | null;
  readonly timeoutMs: number;
}

export class ProjectCheck {
  readonly #options: ProjectCheckOptions;
  /** Shared, so that a wrong key of many projects is sent once: upstream locks it after some refusals. */
  readonly #guard = new CredentialGuard(systemClock);
  /** By host: milliseconds that this machine's clock is ahead. */
  readonly #clocks = new Map<string, number>();

  constructor(options: ProjectCheckOptions) {
    this.#options = options;
  }

  async findings({ projects, others }: RemoteUpstream): Promise<readonly Finding[]> {
    const found = await Promise.all([
      ...projects.map((project) => this.#project(project)),
      ...(others === null ? [] : [this.#withoutKeys(others.url)]),
    ]);
    return [...found, ...[...this.#clocks].map(([host, aheadMs]) => judgeClock(host, aheadMs))];
  }

  async #project(project: ProjectSettings): Promise<Finding> {
    const subject = `project ${project.name}`;
    const endsAt = systemClock.elapsed() + this.#options.timeoutMs;
    const served = new Projects({
      logger: createLogger('silent'),
      // Each call names its credential.
      ownTokens: true,
      onRetired: () => {},
      connect: (target) => this.#transport(target),
    });
    try {
      await served.serve({ projects: [project], defaultProject: 0, others: null });
    } catch (error) {
      const cause = error instanceof Error ? error.cause : undefined;
      const isAboutProject = !(cause instanceof UpstreamError) || ['forbidden', 'not_found'].includes(cause.kind);
      return isAboutProject ? fail(subject, messageOf(error)) : faultOf(cause, subject, project.iamUrl);
    }
    const id = served.defaultId ?? '';
    const keys = served.keys(id);
    if (keys === undefined) return await this.#withoutKeys(project.url, subject);
    const transport = this.#transport({ baseUrl: project.url, credential: keys });
    try {
      const deadlineMs = Math.max(1, Math.ceil(endsAt - systemClock.elapsed()));
      const client = new VpcepClient({ transport });
      const { totalCount } = await client.endpoints.listEndpoints(id, { limit: 1 }, { deadlineMs });
      return ok(subject, `${id} at ${project.url}, with ${totalCount} endpoints`);
    } catch (error) {
      return faultOf(error, subject, project.url);
    } finally {
      void transport.close();
    }
  }

  /** Callers send their own tokens. */
  async #withoutKeys(url: string, subject = 'projects of callers'): Promise<Finding> {
    const transport = this.#transport({ baseUrl: url });
    try {
      const options = { credential: tokenCredential(NO_TOKEN) };
      await new VpcepClient({ transport }).endpoints.listEndpoints('vpcep-gateway-check', { limit: 1 }, options);
    } catch (error) {
      if (!(error instanceof UpstreamError) || error.status === undefined) return faultOf(error, subject, url);
    } finally {
      void transport.close();
    }
    return ok(subject, `${url} answers; calls carry the callers' tokens`);
  }

  #transport(target: UpstreamTarget): Transport {
    return new Transport({
      target: () => target,
      guard: this.#guard,
      proxy: this.#options.proxy,
      deadlineMs: this.#options.timeoutMs,
      observe: ({ date, durationMs }) => {
        const theirs = httpDate(date);
        // The header is cut off to whole seconds, so it is half a second older on average.
        if (theirs !== undefined) {
          this.#clocks.set(new URL(target.baseUrl).host, systemClock.now() - durationMs / 2 - (theirs + 500));
        }
      },
    });
  }
}

/** `AUTH_MODE=iam-token`: IAM verifies the callers' tokens. */
export async function checkIam(iamUrl: string, { proxy, timeoutMs }: ProjectCheckOptions): Promise<readonly Finding[]> {
  const iam = new Transport({ target: () => ({ baseUrl: iamUrl }), proxy, deadlineMs: timeoutMs });
  try {
    await lookUpToken(iam, NO_TOKEN);
    return [ok('iam', `${iamUrl} answers`)];
  } catch (error) {
    return [faultOf(error, 'iam', iamUrl)];
  } finally {
    void iam.close();
  }
}

const REACH: Readonly<Record<UnreachableReason, string>> = {
  dns: 'Correct the region or the URL, or the DNS of this machine',
  refused: 'Correct host and port of the URL, or open the firewall',
  reset: 'A firewall or a proxy on the way may cut the connection',
  tls: 'Name a private CA in NODE_EXTRA_CA_CERTS, or correct the URL',
  timeout: 'Open the firewall, or set HTTPS_PROXY where a proxy is needed',
  proxy: 'Correct HTTPS_PROXY or HTTP_PROXY: its address, user and password',
  other: 'Correct the URL, or the network of this machine',
};

const KEY_MEND = 'Correct access key and secret: the key must exist and be enabled, and the secret must belong to it';
const URL_MEND = 'Correct the URL: it must lead to the API itself';

/** By the kind of an UpstreamError. */
const MENDS: Readonly<Record<string, string>> = {
  auth: KEY_MEND,
  credential_stopped: KEY_MEND,
  forbidden: 'Correct the id of the project, or give the user of the key the right to list endpoints in it',
  malformed: URL_MEND,
  not_found: URL_MEND,
  validation: URL_MEND,
};

const PASSING: ReadonlySet<string> = new Set(['throttled', 'unavailable', 'internal']);

function faultOf(error: unknown, subject: string, url: string): Finding {
  if (!(error instanceof UpstreamError)) return fail(subject, messageOf(error));
  const { kind, message, status, cause } = error;
  if (status === undefined && cause instanceof ExchangeError && (kind === 'connection' || kind === 'timeout')) {
    const reason = unreachableReason({ code: cause.code, timedOut: cause.reason === 'timeout' });
    const code = cause.code === undefined ? '' : `, ${cause.code}`;
    return fail(subject, `${url} cannot be reached (${reason}${code})`, REACH[reason]);
  }
  const found = `${url}: ${message}`;
  return PASSING.has(kind) ? warn(subject, found, 'Try again later') : fail(subject, found, MENDS[kind]);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
