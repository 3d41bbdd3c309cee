import { Redis } from 'ioredis';

/** Every key of a server with all that it holds, as text. @throws Error for a kind of value that this cannot read */
export async function dumpRedis(url: string): Promise<readonly string[]> {
  const redis = new Redis(url);
  const read = async (key: string): Promise<unknown> => {
    switch (await redis.type(key)) {
      case 'string':
        return await redis.get(key);
      case 'hash':
        return await redis.hgetall(key);
      case 'stream':
        return await redis.xrange(key, '-', '+');
      case 'zset':
        return await redis.zrange(key, '0', '-1');
      case 'none':
        return null;
      default:
        throw new Error(`${key} is of a kind that is not known here`);
    }
  };
  try {
    const keys = await redis.keys('*');
    return await Promise.all(keys.map(async (key) => `${key} ${JSON.stringify(await read(key))}`));
  } finally {
    redis.disconnect();
  }
}
