import { loadScenario, scenarioNames } from './context.ts';

/** Prints the package's scenarios, one line each. */
export function listScenarios(): void {
  console.log('Scenarios; run one with: npm run scenario NAME');
  for (const name of scenarioNames())
    console.log(`  ${name.padEnd(20)} ${loadScenario(name).scenario.title}`);
}
