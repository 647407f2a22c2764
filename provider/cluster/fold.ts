/** An address as two spellings are compared: many services ignore its case. */
export function fold(emailAddress: string): string {
  return emailAddress.toLowerCase();
}
