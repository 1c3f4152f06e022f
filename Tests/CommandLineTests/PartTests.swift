import Batches
import Testing

@testable import Commands

@Suite("--part")
struct PartTests {
  private func part(_ choice: String, _ environment: [String: String] = [:]) throws -> Part {
    let choice = try #require(PartChoice(words: choice))
    do { return try choice.part(environment) } catch { throw Failure(error) }
  }

  @Test("parts are disjoint and leave nothing out")
  func partition() {
    for count in [1, 2, 3, 16] {
      let parts = (1...count).map { Part(number: $0, count: count) }
      for index in 0..<40 { #expect(parts.count { $0.contains(index) } == 1) }
    }
    #expect((0..<20).filter(Part(number: 3, count: 16).contains) == [2, 18])
  }

  @Test(
    "what is no part is refused",
    arguments: ["0/4", "5/4", "3", "1/0", "a/4", "1/4/2", "-1/4", "auto/0", "auto/x", ""])
  func nonsense(text: String) { #expect(PartChoice(words: text) == nil) }

  private static func array(_ id: Int, _ first: Int, _ last: Int, _ count: Int) -> [String: String]
  {
    [
      "SLURM_JOB_ID": "9", "SLURM_ARRAY_TASK_ID": "\(id)", "SLURM_ARRAY_TASK_MIN": "\(first)",
      "SLURM_ARRAY_TASK_MAX": "\(last)", "SLURM_ARRAY_TASK_COUNT": "\(count)",
    ]
  }

  @Test(
    "launchers are understood",
    arguments: [
      (array(2, 0, 15, 16), 3, 16), (array(16, 1, 16, 16), 16, 16), (array(7, 1, 10, 4), 3, 4),
      (array(5, 5, 5, 1), 1, 1),
      (["SLURM_PROCID": "2", "SLURM_NTASKS": "8"], 3, 8),
      (
        [
          "SLURM_PROCID": "2", "SLURM_NTASKS": "8", "SLURM_JOB_ID": "9", "SLURM_STEP_ID": "0",
          "SLURM_STEP_NUM_TASKS": "4",
        ], 3, 4
      ),
      (["SLURM_JOB_ID": "9", "SLURM_STEP_ID": "0", "SLURM_PROCID": "0"], 1, 1),
      (["OMPI_COMM_WORLD_RANK": "0", "OMPI_COMM_WORLD_SIZE": "4"], 1, 4),
      (["PMI_RANK": "3", "PMI_SIZE": "4"], 4, 4),
      // mpirun on the first node of a job, and on another one below Slurm's daemon.
      (
        [
          "OMPI_COMM_WORLD_RANK": "1", "OMPI_COMM_WORLD_SIZE": "4", "SLURM_JOB_ID": "9",
          "SLURM_PROCID": "0", "SLURM_NTASKS": "4",
        ], 2, 4
      ),
      (
        [
          "OMPI_COMM_WORLD_RANK": "3", "OMPI_COMM_WORLD_SIZE": "4", "SLURM_JOB_ID": "9",
          "SLURM_STEP_ID": "0", "SLURM_STEP_NUM_TASKS": "1", "SLURM_PROCID": "0",
          "SLURM_NTASKS": "4",
        ], 4, 4
      ),
      (["PMI_RANK": "1", "PMI_SIZE": "2", "SLURM_PROCID": "1", "SLURM_NTASKS": "2"], 2, 2),
      (["AWS_BATCH_JOB_ARRAY_INDEX": "4", "AWS_BATCH_JOB_ARRAY_SIZE": "10"], 5, 10),
      (
        array(1, 0, 2, 3).merging(
          ["SLURM_PROCID": "1", "SLURM_STEP_NUM_TASKS": "4", "SLURM_STEP_ID": "0"]) { $1 }, 6, 12
      ),
      // The batch script of an array's task.
      (array(1, 0, 2, 3).merging(["SLURM_PROCID": "0", "SLURM_NTASKS": "1"]) { $1 }, 2, 3),
    ])
  func launchers(environment: [String: String], number: Int, count: Int) throws {
    #expect(try part("auto", environment) == Part(number: number, count: count))
    #expect(try part("auto/\(count)", environment) == Part(number: number, count: count))
    #expect(throws: Failure.self) { try part("auto/\(count + 1)", environment) }
    #expect(try part("1/2", environment) == Part(number: 1, count: 2))
  }

  @Test(
    "contradictions are errors",
    arguments: [
      ([:], "found none"),
      (array(3, 0, 2, 3), "SLURM_ARRAY_TASK_ID of 0 to 2"),
      (array(3, 1, 7, 3), "even steps"), (array(0, 0, 7, 3), "even steps"),
      (["SLURM_ARRAY_TASK_ID": "1"], "_MIN, _MAX and _COUNT"),
      (["SLURM_PROCID": "8", "SLURM_NTASKS": "8"], "below SLURM_NTASKS"),
      (["SLURM_PROCID": "3"], "found the former alone"),
      (["SLURM_JOB_ID": "9", "SLURM_PROCID": "0", "SLURM_NTASKS": "8"], "put srun before"),
      (["OMPI_COMM_WORLD_RANK": "1"], "found the former alone"),
      (["OMPI_COMM_WORLD_SIZE": "4"], "found the latter alone"),
      (["OMPI_COMM_WORLD_RANK": "x", "OMPI_COMM_WORLD_SIZE": "4"], "expected a number"),
      (
        [
          "OMPI_COMM_WORLD_RANK": "1", "OMPI_COMM_WORLD_SIZE": "4", "PMI_RANK": "0",
          "PMI_SIZE": "4",
        ], "expected the same of"
      ),
      (
        [
          "OMPI_COMM_WORLD_RANK": "1", "OMPI_COMM_WORLD_SIZE": "4", "SLURM_PROCID": "0",
          "SLURM_NTASKS": "4",
        ], "expected the same of"
      ),
      (["AWS_BATCH_JOB_ARRAY_INDEX": "4"], "--part auto/16"),
      (["AWS_BATCH_JOB_ARRAY_INDEX": "4", "AWS_BATCH_JOB_ARRAY_SIZE": "4"], "a number below 4"),
      (array(0, 0, 2, 3).merging(["AWS_BATCH_JOB_ARRAY_INDEX": "0"]) { $1 }, "of both"),
    ] as [([String: String], String)])
  func contradictions(environment: [String: String], words: String) throws {
    let failure = #expect(throws: Failure.self) { try part("auto", environment) }
    #expect(failure?.kind == .usage)
    #expect(try #require(failure).description.contains(words))
  }

  @Test("AWS Batch tells the place, and the user the number of parts")
  func countByHand() throws {
    #expect(
      try part("auto/16", ["AWS_BATCH_JOB_ARRAY_INDEX": "4"]) == Part(number: 5, count: 16))
  }
}
