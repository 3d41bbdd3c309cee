/** The upstream of the chaos scenarios in a process of its own, which obeys its parent. */
import { Cloud, type CloudOptions } from '../chaos/cloud.ts';
import { Dice } from '../chaos/random.ts';

export interface CloudSetup extends Omit<CloudOptions, 'dice'> {
  readonly seed: number;
}

export interface CloudReady {
  readonly url: string;
}

export type CloudOrder = 'begin' | 'rest' | 'sicken' | 'heal';

const { seed, ...setup } = JSON.parse(process.argv[2] ?? '') as CloudSetup;
const cloud = await Cloud.start({ ...setup, dice: new Dice(seed) });
process.on('message', (order: CloudOrder) => cloud[order]());
process.once('disconnect', () => process.exit());
process.send?.({ url: cloud.url } satisfies CloudReady);
