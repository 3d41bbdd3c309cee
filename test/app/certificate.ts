import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Certificate {
  /** PEM files. The certificate is its own authority. */
  readonly cert: string;
  readonly key: string;
}

/** A new certificate for localhost and `hosts`, not trusted unless named as an authority. */
export function makeCertificate(hosts: readonly string[] = []): Certificate {
  const dir = mkdtempSync(join(tmpdir(), 'vpcep-tls-'));
  const files = { cert: join(dir, 'cert.pem'), key: join(dir, 'key.pem') };
  const args = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const alternatives = ['DNS:localhost', 'IP:127.0.0.1', ...hosts.map((host) => `DNS:${host}`)];
  const names = ['-subj', '/CN=localhost', '-addext', `subjectAltName=${alternatives.join(',')}`];
  execFileSync('openssl', [...args, ...names, '-out', files.cert, '-keyout', files.key], { stdio: 'pipe' });
  return files;
}

/** For redis-server: TLS on this port, without certificates of clients. */
export function tlsArgs(port: number, { cert, key }: Certificate): readonly string[] {
  return [
    ...['--tls-port', String(port), '--tls-cert-file', cert, '--tls-key-file', key],
    ...['--tls-ca-cert-file', cert, '--tls-auth-clients', 'no'],
  ];
}
