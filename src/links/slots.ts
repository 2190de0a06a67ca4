/** So many at once and no more; the others wait their turn. */
export class Slots {
  #free: number;
  readonly #waiting: ((release: () => void) => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  /**
   * Calls `begin` with what gives the slot back, at once or when a slot is free.
   * @returns what leaves the queue; it does nothing once `begin` was called
   */
  take(begin: (release: () => void) => void): () => void {
    if (this.#free > 0) {
      this.#free -= 1;
      begin(this.#releaseOnce());
      return () => undefined;
    }
    this.#waiting.push(begin);
    return () => {
      const place = this.#waiting.indexOf(begin);
      if (place >= 0) this.#waiting.splice(place, 1);
    };
  }

  #releaseOnce(): () => void {
    let released = false;
    return () => {
      if (released) return;
      released = true;
      const next = this.#waiting.shift();
      if (next === undefined) this.#free += 1;
      else next(this.#releaseOnce());
    };
  }
}
