import type { Section } from "./rules.ts";

/** One claim of the article, in words of our own. */
export interface Claim {
  /** As rules and non-rules name it. */
  readonly number: number;
  readonly section: Section | "Opening";
  readonly says: string;
}

export const claims: readonly Claim[] = [
  { number: 1, section: "Opening", says: "Simple against fast, and asking the team, is true and not enough." },
  { number: 2, section: "Opening", says: "The author picks Rust more often by now." },
  {
    number: 3,
    section: "The Honest Starting Point",
    says: "Go is learnt in a weekend and live the week after, by the author's experience.",
  },
  {
    number: 4,
    section: "The Honest Starting Point",
    says: "Go's standard library, tooling and goroutines carry far.",
  },
  { number: 5, section: "The Honest Starting Point", says: "With no context at all Go is a reasonable answer." },
  { number: 6, section: "The Honest Starting Point", says: "Context changes the picture." },
  { number: 7, section: "Where Go Wins", says: "For a REST API that is wanted soon, Go stays out of the way." },
  { number: 8, section: "Where Go Wins", says: "Straightforward CRUD, gateways and internal tools suit Go." },
  { number: 9, section: "Where Go Wins", says: "Code that looks alike helps when many people work on it." },
  { number: 10, section: "Where Go Wins", says: "One binary, little memory and a fast start." },
  {
    number: 11,
    section: "Where Rust Wins",
    says: "Past basic handling (state, coordination, untrusted input, complex rules) Rust's types pay.",
  },
  { number: 12, section: "Where Rust Wins", says: "Crashes and subtle races become errors of compilation." },
  { number: 13, section: "Where Rust Wins", says: "A compiler that trusts you less is sometimes what you want." },
  { number: 14, section: "Where Rust Wins", says: "For most API services the difference in speed does not matter." },
  {
    number: 15,
    section: "Where Rust Wins",
    says: "For documents by the thousand, pipelines and real-time events it can be measured.",
  },
  { number: 16, section: "Where Rust Wins", says: "The same work there takes a fraction of the memory." },
  { number: 17, section: "Where Rust Wins", says: "Ownership pushes towards a cleaner design." },
  { number: 18, section: "The Concurrency Question", says: "Work that waits is where goroutines shine." },
  { number: 19, section: "The Concurrency Question", says: "Async Rust has to be learnt, and goroutines hardly." },
  { number: 20, section: "The Concurrency Question", says: "Go's concurrency is enough for most services." },
  {
    number: 21,
    section: "The Concurrency Question",
    says: "Rust gives fine control of concurrent access to shared state.",
  },
  { number: 22, section: "The Concurrency Question", says: "So it does of computing beside waiting." },
  {
    number: 23,
    section: "What I Actually Reach For",
    says: "For a new API with straightforward needs the author would still consider Go.",
  },
  { number: 24, section: "What I Actually Reach For", says: "Rust for anything that handles money." },
  { number: 25, section: "What I Actually Reach For", says: "Rust for processing data at scale." },
  { number: 26, section: "What I Actually Reach For", says: "Rust for what must be rock-solid under load." },
  { number: 27, section: "What I Actually Reach For", says: "The cost up front is paid back with every deploy." },
  {
    number: 28,
    section: "What I Actually Reach For",
    says: "Rust for core services, when there is the will to invest the time.",
  },
  {
    number: 29,
    section: "What I Actually Reach For",
    says: "Go, or TypeScript, where speed of delivery counts more than the last bit of speed.",
  },
  { number: 30, section: "The Ecosystem in 2026", says: "Go's ecosystem is mature and stable." },
  { number: 31, section: "The Ecosystem in 2026", says: "That Rust has no good libraries is no longer true." },
  { number: 32, section: "The Ecosystem in 2026", says: "Serde is the best there is at serialisation." },
  { number: 33, section: "The Ecosystem in 2026", says: "Infrastructure tooling gravitates to Go." },
  { number: 34, section: "The Learning Curve Is Real", says: "Rust is hard to learn." },
  {
    number: 35,
    section: "The Learning Curve Is Real",
    says: "It turns after a few months, by the author's experience.",
  },
  { number: 36, section: "Final Thoughts", says: "Both are good choices." },
  { number: 37, section: "Final Thoughts", says: "Go pays at once, and Rust over time." },
  {
    number: 38,
    section: "Final Thoughts",
    says: "Rust for what matters most; nobody is talked out of Go.",
  },
  { number: 39, section: "Final Thoughts", says: "The worst outcome is weeks of agonising." },
  { number: 40, section: "Final Thoughts", says: "Match the language to experience, timeline and complexity." },
  { number: 41, section: "Where Go Wins", says: "Go compiles fast, and there is mostly one obvious way." },
  { number: 42, section: "What I Actually Reach For", says: "Go is easy to maintain." },
  { number: 43, section: "The Concurrency Question", says: "Tokio is more powerful, and more explicit." },
  { number: 44, section: "The Honest Starting Point", says: "New developers are brought in without pain." },
];
