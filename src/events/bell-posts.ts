import type { Bell } from './event-log.ts';

interface Post {
  readonly project: string;
  readonly onBell: (bell: Bell) => void;
  /** Detaches it from the shared log's bells; undefined: it is not attached. */
  detach?: () => void;
  gone?: true;
}

export interface BellPostsOptions {
  /** @throws EventLogUnavailableError */
  readonly attach: (project: string, onBell: (bell: Bell) => void) => Promise<() => void>;
  /** False: what the shared log rings does not concern this project now. */
  readonly isShared: (project: string) => boolean;
}

/** Who listens for bells, whether they come from the shared log or from one of this replica's own. */
export class BellPosts {
  readonly #options: BellPostsOptions;
  readonly #posts = new Set<Post>();

  constructor(options: BellPostsOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#posts.size;
  }

  /** @throws EventLogUnavailableError unless the project has become this replica's own meanwhile */
  async add(project: string, onBell: (bell: Bell) => void): Promise<() => void> {
    const post: Post = { project, onBell };
    this.#posts.add(post);
    try {
      if (this.#options.isShared(project)) await this.#attach(post);
    } catch (error) {
      if (this.#options.isShared(project)) {
        this.#remove(post);
        throw error;
      }
    }
    return () => this.#remove(post);
  }

  /** Those who came while the shared log was away. @throws EventLogUnavailableError */
  async attachAll(project: string): Promise<void> {
    const loose = [...this.#posts].filter((post) => post.project === project && post.detach === undefined);
    await Promise.all(loose.map((post) => this.#attach(post)));
  }

  /** Without a project: for everybody. */
  ring(bell: Bell, project?: string): void {
    for (const post of [...this.#posts]) {
      if ((project === undefined || post.project === project) && this.#posts.has(post)) post.onBell(bell);
    }
  }

  async #attach(post: Post): Promise<void> {
    const detach = await this.#options.attach(post.project, (bell) => {
      if (this.#options.isShared(post.project)) post.onBell(bell);
    });
    if (post.gone === true || post.detach !== undefined) detach();
    else post.detach = detach;
  }

  #remove(post: Post): void {
    post.gone = true;
    this.#posts.delete(post);
    post.detach?.();
  }
}
