/**
 * A survey that cannot be used: `usage`, a file that it needs cannot be read; `unreachable`, some nodes do not let us
 * in or do not answer; `refused`, this is not the cluster, or not the machines, that the cluster file says.
 */
export class SurveyError extends Error {
  readonly outcome: 'usage' | 'unreachable' | 'refused';
  /** One sentence for each problem, all of them at once. */
  readonly problems: readonly string[];

  constructor(outcome: SurveyError['outcome'], problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'SurveyError';
    this.outcome = outcome;
    this.problems = problems;
  }
}
