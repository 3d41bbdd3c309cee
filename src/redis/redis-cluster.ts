import { Cluster } from 'ioredis';

/**
 * A Cluster that keeps no commands for later. ioredis would queue them without end while no node is known; here they
 * fail at once. What may wait is a command for a node that is being connected, for as long as a command may take.
 */
export class CommandCluster extends Cluster {
  override sendCommand(...args: Parameters<Cluster['sendCommand']>): unknown {
    const [command] = args;
    // The questions about the cluster itself are what makes it ready.
    if (this.status === 'ready' || command.name === 'cluster') return super.sendCommand(...args);
    command.reject(new Error('the Redis Cluster is not connected'));
    return command.promise;
  }
}
