import { useState } from 'preact/hooks';

const openKey = 'lesson-open';

/** Whether the lesson stands beside the cluster: in this tab, also when it is loaded anew. */
export function useOpen(): readonly [boolean, (isOpen: boolean) => void] {
  const [isOpen, setIsOpen] = useState(() => sessionStorage.getItem(openKey) === 'yes');
  return [
    isOpen,
    (next) => {
      sessionStorage.setItem(openKey, next ? 'yes' : 'no');
      setIsOpen(next);
    },
  ];
}
