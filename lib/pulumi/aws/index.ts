/**
 * Whole environments on AWS. Needs `@pulumi/aws` beside what `meshvm/pulumi` needs.
 *
 * @packageDocumentation
 */
export {};
