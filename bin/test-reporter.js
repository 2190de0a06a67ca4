import { appendFileSync } from 'node:fs';
import Mocha from 'mocha';

const { EVENT_TEST_PASS, EVENT_TEST_FAIL, EVENT_TEST_PENDING, EVENT_RUN_END } =
  Mocha.Runner.constants;

/**
 * Mocha's own `spec`, and beside it a line of JSON for each result in a file, so that bin/test.js can count them also
 * where mocha died in the middle. Option `tally`: the path of that file.
 */
export default class TallyingSpec extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const { tally } = options.reporterOptions;
    const note = (result) => (test) =>
      appendFileSync(tally, `${JSON.stringify({ result, title: test?.fullTitle() })}\n`);
    runner.on(EVENT_TEST_PASS, note('passed'));
    runner.on(EVENT_TEST_FAIL, note('failed'));
    runner.on(EVENT_TEST_PENDING, note('skipped'));
    runner.on(EVENT_RUN_END, note('ended'));
  }
}
