import { type DestinationStream, type Logger, pino } from 'pino';

export type { Logger } from 'pino';

/** Header and field names whose values are secrets wherever they turn up in a log object. */
const SECRET_KEYS = [
  'authorization',
  'Authorization',
  'x-auth-token',
  'X-Auth-Token',
  'x-security-token',
  'X-Security-Token',
  'x-subject-token',
  'sk',
  'ak',
  'secretKey',
  'securityToken',
  'token',
  'signature',
  'password',
];

export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    redact: {
      paths: SECRET_KEYS.flatMap((key) => [`["${key}"]`, `*["${key}"]`, `*.*["${key}"]`]),
      censor: '[redacted]',
    },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}
