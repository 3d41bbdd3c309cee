import { z } from 'zod';
import { SIMULATOR_AK, SIMULATOR_SK } from './world/identity.ts';

export interface SimulatorConfig {
  readonly host: string;
  readonly port: number;
  readonly ak: string;
  readonly sk: string;
  /** Divides the time that creating and deleting take. */
  readonly speed: number;
  readonly logLevel: string;
}

const schema = z.object({
  SIMULATOR_HOST: z.string().default('127.0.0.1'),
  SIMULATOR_PORT: z
    .string()
    .regex(/^\d{1,5}$/, 'must be a port')
    .default('4100')
    .transform(Number)
    .pipe(z.int().max(65_535)),
  SIMULATOR_AK: z
    .string()
    .regex(/^[^\s,=]+$/, 'must have no space, comma or equals sign')
    .default(SIMULATOR_AK),
  SIMULATOR_SK: z.string().default(SIMULATOR_SK),
  SIMULATOR_SPEED: z
    .string()
    .regex(/^\d+(\.\d+)?$/, 'must be a number')
    .default('1')
    .transform(Number)
    .pipe(z.number().positive()),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});

export type ConfigResult =
  | { readonly ok: true; readonly config: SimulatorConfig }
  | { readonly ok: false; readonly faults: readonly string[] };

/** An empty value means unset; all faults are reported together. Values are not repeated, one of them is a secret. */
export function readSimulatorConfig(env: Readonly<Record<string, string | undefined>>): ConfigResult {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = schema.safeParse(set);
  if (!parsed.success) {
    return { ok: false, faults: parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`) };
  }
  const { data } = parsed;
  return {
    ok: true,
    config: {
      host: data.SIMULATOR_HOST,
      port: data.SIMULATOR_PORT,
      ak: data.SIMULATOR_AK,
      sk: data.SIMULATOR_SK,
      speed: data.SIMULATOR_SPEED,
      logLevel: data.LOG_LEVEL,
    },
  };
}
