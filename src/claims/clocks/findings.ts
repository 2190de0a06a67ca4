import type { Clock } from '../../model/clock.ts';
import type { Prediction } from '../../model/plan.ts';
import { isSeen, sayDuration, saySeconds, type Measured } from '../../model/span.ts';

/** Beyond the 95th percentile by a fifth: no bad luck of timers explains that. */
const farBeyond = 1.2;
/** A prediction whose 95th percentile is within half of its median again leaves little room below, too. */
const narrow = 1.5;
const farBelow = 0.5;

/** What was measured far from what the cluster's own settings predict, a sentence each without its full stop. */
export function findingsIn(
  clocks: readonly Clock[],
  predicted: readonly Prediction[],
): readonly string[] {
  return clocks.flatMap(({ clock, of, measuredMs }) => {
    const prediction = predicted.find(({ claim }) => claim === clock);
    if (measuredMs === undefined || prediction === undefined) return [];
    if (of !== undefined && prediction.of?.includes(of) === false) return [];
    const far = farFrom(measuredMs, prediction);
    if (far === undefined) return [];
    const { p50Ms, p95Ms } = prediction;
    return [
      `${clock}${of === undefined ? '' : ` of ${of}`} is far ${far} than the settings of this cluster predict: ` +
        `${sayDuration(measuredMs)}, and predicted ${saySeconds(p50Ms)} (p95 ${saySeconds(p95Ms)})`,
    ];
  });
}

function farFrom(measured: Measured, { p50Ms, p95Ms }: Prediction): 'later' | 'sooner' | undefined {
  const least = isSeen(measured) ? measured.lo : measured.atLeast;
  if (least > farBeyond * p95Ms) return 'later';
  const isNarrow = p95Ms < narrow * p50Ms;
  return isSeen(measured) && isNarrow && measured.hi < farBelow * p50Ms ? 'sooner' : undefined;
}
