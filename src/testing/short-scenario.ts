/**
 * The text of a scenario that breaks the least, and stands until it is healed: a node takes no new pods.
 * @param hold how long, as in a scenario: `5s`
 * @param claims what it expects, each as in a scenario
 */
export function shortScenario(hold: string, claims: readonly string[]): string {
  return `apiVersion: holdfast.dev/v1
kind: Scenario
name: short
title: A node takes no new pods
claim: Nobody notices.
class: [reversible]
workload: web
steps:
  - cordon: { target: stand-by }
  - wait: ${hold}
  - heal: all
expect:
${claims.map((claim) => `  - ${claim}\n`).join('')}`;
}
