import type { CampaignResult, GamedayResult } from '../model/campaign-result.ts';
import type { Outcome } from '../model/outcome.ts';
import type { ClusterSummary, Concluded, Result } from '../model/result.ts';

/** What a webhook is told of a result: the fields that result.json has under these names, and the same in words. */
export interface Notice extends Omit<Concluded, 'schema' | 'seed' | 'cluster'> {
  readonly schema: 'holdfast.dev/notice/v1';
  readonly kind: Result['kind'] | CampaignResult['kind'] | GamedayResult['kind'];
  readonly cluster?: ClusterSummary;
  /** Plain text of a few lines, the verdict in the first. */
  readonly text: string;
  /** Of a game day. */
  readonly scenarios?: readonly NoticeScenario[];
}

interface NoticeScenario {
  readonly scenario: string;
  readonly outcome: Outcome;
  readonly reason: string;
}

export const webhookFormats = ['json', 'slack'] as const;
export type WebhookFormat = (typeof webhookFormats)[number];

/** So many scenarios are told one by one; a chat is no place for more. */
const mostScenarios = 20;

/**
 * The body that a webhook is sent, as JSON: a `Notice`, or what Slack and those that take Slack's messages (Mattermost,
 * Rocket.Chat, Discord with `/slack`) show.
 */
export function noticeBody(
  result: Result | CampaignResult | GamedayResult,
  format: WebhookFormat,
): string {
  const notice = noticeOf(result);
  return JSON.stringify(format === 'slack' ? { text: slackText(notice) } : notice);
}

function noticeOf(result: Result | CampaignResult | GamedayResult): Notice {
  const { kind, run, scenario, startedAt, finishedAt, cluster } = result;
  const { outcome, exitCode, reason, healed, residue } = result;
  const told: Omit<Notice, 'text'> = {
    schema: 'holdfast.dev/notice/v1',
    kind,
    run,
    scenario,
    startedAt,
    finishedAt,
    ...(cluster !== undefined && { cluster }),
    outcome,
    exitCode,
    reason,
    healed,
    residue,
    ...(result.kind === 'gameday' && {
      scenarios: result.scenarios.map(({ scenario, outcome, reason }) => ({
        scenario,
        outcome,
        reason,
      })),
    }),
  };
  return { ...told, text: linesOf(told).join('\n') };
}

function linesOf(notice: Omit<Notice, 'text'>): readonly string[] {
  const {
    kind,
    scenario,
    cluster,
    outcome,
    reason,
    residue,
    run,
    exitCode,
    scenarios = [],
  } = notice;
  const what = kind === 'gameday' ? `game day ${scenario}` : scenario;
  const on = cluster === undefined ? '' : ` on ${cluster.name}`;
  const worse = scenarios.filter((one) => one.outcome !== 'pass');
  const rest = worse.length - mostScenarios;
  return [
    `${outcome.toUpperCase()}: ${what}${on}: ${reason}`,
    ...residue.map((line) => `left behind: ${line}`),
    ...worse.slice(0, mostScenarios).map((one) => `${one.scenario}: ${one.outcome}: ${one.reason}`),
    ...(rest > 0 ? [`and ${rest} more scenarios that did not pass`] : []),
    `${run}, exit ${exitCode}`,
  ];
}

/** Nothing that was measured may be a mention or a link. */
function slackText({ text }: Notice): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
