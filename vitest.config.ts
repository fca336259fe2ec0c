import { defineConfig } from "vitest/config";

/** `fast` is the inner loop; `contract` runs against one started service; `build` emits, builds and starts whole repositories. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "fast",
          // Its tests wait for programs more than they compute; one core fewer, as is usual, is half of two.
          maxWorkers: "100%",
          include: ["test/**/*.test.ts"],
          exclude: ["test/contract/**", "test/build/**", "test/golden/**"],
          globalSetup: "test/support/packed.ts",
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: "contract",
          maxWorkers: 4,
          // Faults are provoked in real time, on a machine that others share; what is broken fails twice.
          retry: 1,
          include: ["test/contract/**/*.test.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: "build",
          globalSetup: "test/support/packed.ts",
          include: ["test/build/**/*.test.ts"],
          testTimeout: 1_800_000,
          hookTimeout: 1_800_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
