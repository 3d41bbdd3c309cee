/** Regions that the public contract names (schema/vpcep.openapi.yaml, `servers`; a test compares). */
export const EU_REGION = 'eu-west-101';
export const DEFAULT_REGION = 'cn-north-4';

export const REGIONS: readonly string[] = [
  DEFAULT_REGION,
  'cn-north-1',
  'cn-north-2',
  'cn-north-9',
  'cn-north-11',
  'cn-north-12',
  'cn-east-2',
  'cn-east-3',
  'cn-east-4',
  'cn-east-5',
  'cn-south-1',
  'cn-south-2',
  'cn-south-4',
  'cn-southwest-2',
  'cn-southwest-3',
  'ap-southeast-1',
  'ap-southeast-2',
  'ap-southeast-3',
  'ap-southeast-4',
  'ap-southeast-5',
  'af-south-1',
  'af-north-1',
  'la-south-2',
  'la-north-2',
  'na-mexico-1',
  'sa-brazil-1',
  'tr-west-1',
  'eu-west-0',
  'my-kualalumpur-1',
  'ae-ad-1',
  'ru-moscow-1',
  'ru-northwest-2',
  'me-east-1',
  EU_REGION,
];

/** The EU site is a separate cloud under its own top-level domain. */
export function publicUrl(service: 'vpcep' | 'iam', region: string): string {
  return `https://${service}.${region}.myhuaweicloud.${region === EU_REGION ? 'eu' : 'com'}`;
}
