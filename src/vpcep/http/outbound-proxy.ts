/** Connections through a forward proxy: a tunnel (CONNECT) to the target, for http and https alike. */
import { type Dispatcher, EnvHttpProxyAgent, Pool } from 'undici';
import type { OutboundProxy } from '../../config/outbound-proxy.ts';
import { isLoopback } from '../../shared/net.ts';
import { codeOf } from './exchange.ts';

export const METADATA_URL = 'http://169.254.169.254';

/** undici may add a second. Less than the 5 s of the shortest call, so that the reason is the proxy and not the target. */
const PROXY_TIMEOUT_MS = 3_000;

/** What is on this machine, or belongs to it, is another thing where the proxy is. */
export function isNeverProxied(origin: string): boolean {
  const { hostname } = new URL(origin);
  return isLoopback(hostname) || hostname === new URL(METADATA_URL).hostname;
}

/** For calls of one origin. They go directly where `NO_PROXY` says so. */
export function connectThrough(proxy: OutboundProxy, origin: string, options: Pool.Options): Dispatcher {
  const agent = new EnvHttpProxyAgent({
    ...options,
    // Empty: not set. Left out, the environment would be read again.
    httpProxy: proxy.http?.url.reveal() ?? '',
    httpsProxy: proxy.https?.url.reveal() ?? '',
    noProxy: proxy.noProxy,
    proxyTls: { timeout: PROXY_TIMEOUT_MS },
    clientFactory: (url, connection) =>
      new Pool(url, { ...connection, allowH2: false, headersTimeout: PROXY_TIMEOUT_MS }).compose(namingTheProxy),
  });
  return agent.compose((dispatch) => (request, handler) => dispatch({ ...request, origin }, handler));
}

/**
 * No tunnel was had. Its code begins with `PROXY_`: undici would try again at once and for ever where the proxy closes
 * the connection (`UND_ERR_SOCKET`).
 */
class ProxyError extends Error {
  override readonly name = 'ProxyError' as const;
  readonly code: string;

  constructor(reason: string, cause?: unknown) {
    super('the proxy gave no tunnel', { cause });
    this.code = `PROXY_${reason}`;
  }
}

/** For the CONNECT requests, which are all that is sent to the proxy itself. */
const namingTheProxy: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (request, handler) =>
  dispatch(request, {
    onRequestStart: (controller, context) => handler.onRequestStart?.(controller, context),
    onRequestUpgrade: (controller, status, headers, socket) => {
      if (status === 200) {
        handler.onRequestUpgrade?.(controller, status, headers, socket);
        return;
      }
      socket.on('error', () => undefined).destroy();
      handler.onResponseError?.(controller, new ProxyError(String(status)));
    },
    onResponseError: (controller, error) =>
      handler.onResponseError?.(controller, new ProxyError(codeOf(error) ?? 'FAILED', error)),
  });
