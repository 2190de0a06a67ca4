/** Something the lab could not do, said so that a person knows what to do next. */
export class LabError extends Error {
  override readonly name = 'LabError';
}
