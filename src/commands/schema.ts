import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { resultJsonSchema } from '../model/any-result-schema.ts';
import { clusterSchema, gamedaySchema, scenarioSchema } from '../read/json-schema.ts';
import { tables } from './context.ts';

/** `holdfast schema`: the JSON Schemas of what a person writes and of what a run writes. */
export function schemaCommand(): Command {
  return new Command('schema')
    .description(
      'write the JSON Schemas of scenario, cluster and game day files and of result.json',
    )
    .argument('[folder]', 'where to', 'docs/schema')
    .action((folder: string) => {
      mkdirSync(folder, { recursive: true });
      const schemas = {
        scenario: scenarioSchema(tables),
        cluster: clusterSchema(),
        gameday: gamedaySchema(),
        result: resultJsonSchema(),
      };
      for (const [name, schema] of Object.entries(schemas)) {
        const file = join(folder, `${name}.json`);
        writeFileSync(file, `${JSON.stringify(schema, undefined, 2)}\n`);
        console.log(file);
      }
    });
}
