/** Something that is not as the program says, or worth knowing. */
export interface Finding {
  /** `wrong`: machines suffer from it, or may. `note`: what else was seen, or could not be. */
  readonly level: 'wrong' | 'note';
  /** The object, such as `ConfigMap payments/payment-service-bootstrap`. */
  readonly subject: string;
  /** What is so, and what to do. */
  readonly text: string;
}
