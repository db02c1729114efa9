/**
 * Replaces `$(NAME)` by the variable's value. `$$` is a dollar sign, so `$$(NAME)` stays as the text `$(NAME)`;
 * a name that is not known stays as it is written (Kubernetes API conventions, "dependent environment variables").
 */
export function expand(text: string, lookup: (name: string) => string | undefined): string {
  return text.replace(/\$\$|\$\(([^)]*)\)/g, (whole, name: string | undefined) => {
    if (name === undefined) return '$';
    return lookup(name) ?? whole;
  });
}
