import type { EndpointSettings, KubernetesSettings } from '../model/snapshot.ts';

const unitsMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/**
 * Reads the flags of Kubernetes' components, and keepalived's settings written alike, one `NAME --flag=value` a line;
 * whatever else is there is passed over.
 * @see kube-controller-manager(1), kube-scheduler(1), kube-apiserver(1)
 */
export function settingsFromFlags(text: string): KubernetesSettings {
  const flags = new Map<string, string>();
  for (const [, component = '', flag = '', value = ''] of text.matchAll(
    /^(\S+)\s+--([a-z-]+)[= ]"?([^"\s]+)"?\s*$/gm,
  ))
    flags.set(`${component} ${flag}`, value);
  const leases = ['kube-scheduler', 'kube-controller-manager'].flatMap((name) => {
    const ms = durationOf(flags.get(`${name} leader-elect-lease-duration`));
    return ms === undefined ? [] : [[name, ms] as const];
  });
  const nodeGraceMs = durationOf(flags.get('kube-controller-manager node-monitor-grace-period'));
  const nodeMonitorMs = durationOf(flags.get('kube-controller-manager node-monitor-period'));
  const toleration = Number(flags.get('kube-apiserver default-unreachable-toleration-seconds'));
  const endpoint = endpointOf((name) => Number(flags.get(`keepalived ${name}`)));
  return {
    leaseMs: Object.fromEntries(leases),
    ...(nodeGraceMs !== undefined && { nodeGraceMs }),
    ...(nodeMonitorMs !== undefined && { nodeMonitorMs }),
    ...(Number.isFinite(toleration) && { tolerationMs: toleration * 1000 }),
    ...(endpoint !== undefined && { endpoint }),
  };
}

/** keepalived's own settings, in seconds, with its defaults for a check. */
function endpointOf(read: (name: string) => number): EndpointSettings | undefined {
  const advert = read('advert-int');
  const [check, checks, weight] = [read('interval'), read('fall'), read('weight')];
  return Number.isFinite(advert)
    ? {
        advertMs: advert * 1000,
        checkMs: (Number.isFinite(check) ? check : 1) * 1000,
        checks: Number.isFinite(checks) ? checks : 1,
        ...(Number.isFinite(weight) && weight !== 0 && { lowers: true as const }),
      }
    : undefined;
}

/** A duration as Go writes it, of whole units: `60s`, `1m30s`; undefined if it is none. */
function durationOf(text: string | undefined): number | undefined {
  if (text === undefined || !/^(\d+(ms|s|m|h))+$/.test(text)) return undefined;
  return [...text.matchAll(/(\d+)(ms|s|m|h)/g)].reduce(
    (sum, [, count, unit = '']) => sum + Number(count) * (unitsMs[unit] ?? 0),
    0,
  );
}
