import { feed, targets } from './fuzz-run.ts';

/** The same cases every time; `npm run trust -- fuzz` tries others. */
const seed = 20_261_121;

describe(`what is not well formed ends as an error that says where (seed ${seed})`, function () {
  this.timeout(60_000);

  for (const target of targets)
    it(target.what, async () => {
      const { found } = await feed(target, Math.min(200, Math.ceil(target.runs / 50)), seed);
      if (found !== undefined) throw new Error(found);
    });
});
