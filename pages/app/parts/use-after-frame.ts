import { useEffect, useRef } from 'preact/hooks';

/** What was typed is seen first: the rows follow when it is painted, and once for letters that come together. */
export function useAfterFrame<Value>(use: (value: Value) => void): (value: Value) => void {
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const isMounted = useRef(true);
  useEffect(
    () => () => {
      isMounted.current = false;
      clearTimeout(timer.current);
    },
    [],
  );
  return (value) => {
    requestAnimationFrame(() => {
      clearTimeout(timer.current);
      if (isMounted.current) timer.current = setTimeout(use, 0, value);
    });
  };
}
