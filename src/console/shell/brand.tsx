/** The mark of orgql: a tree of three. */
export function Brand() {
  return (
    <svg className="brand" width="20" height="20" viewBox="0 0 20 20" aria-hidden="true">
      <rect width="20" height="20" rx="5" fill="var(--primary)" />
      <path
        d="M10 8.2v2.3M6.2 13v-1.2a1.3 1.3 0 0 1 1.3-1.3h5a1.3 1.3 0 0 1 1.3 1.3V13"
        fill="none"
        stroke="var(--on-primary)"
        strokeWidth="1.2"
      />
      <rect x="8" y="4.2" width="4" height="4" rx="1" fill="var(--on-primary)" />
      <rect x="4.4" y="12.4" width="3.6" height="3.6" rx="1" fill="var(--on-primary)" />
      <rect x="12" y="12.4" width="3.6" height="3.6" rx="1" fill="#5b86f0" />
    </svg>
  );
}
