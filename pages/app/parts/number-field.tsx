interface NumberFieldProps {
  readonly name: string;
  readonly text: string;
  readonly onText: (text: string) => void;
  /** `any`: it need not be whole. */
  readonly step?: 'any';
}

/** Asks for a number, of which there is none below zero. */
export const NumberField = ({ name, text, onText, step }: NumberFieldProps) => (
  <label>
    {name}{' '}
    <input
      type="number"
      min={0}
      step={step}
      required
      value={text}
      onInput={({ currentTarget }) => {
        onText(currentTarget.value);
      }}
    />
  </label>
);
