/** A value of Marathon's `--enable_features`: names with commas between (MarathonConf.scala). */
export const featuresIn = (text: string): readonly string[] =>
  text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
