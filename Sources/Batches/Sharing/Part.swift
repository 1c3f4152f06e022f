import Platform

/// Every n-th picture of a list: part 3 of 16 has the third, the nineteenth and so on, so that parts
/// are alike where a list goes from small to large.
package struct Part: Hashable, Sendable {
  /// From 1.
  package let number: Int
  package let count: Int

  package init(number: Int, count: Int) { (self.number, self.count) = (number, count) }

  /// - Parameter index: a picture's place in the whole list, from 0.
  package func contains(_ index: Int) -> Bool { index % count == number - 1 }

  /// "part 3 of 16".
  package var words: String { "part \(number) of \(count)" }
}

/// How a process learns which part is its own.
package enum PartChoice: Hashable, Sendable {
  case given(Part)
  /// As the program's launcher says, whose count is checked where one is given.
  case automatic(count: Int?)

  /// 3/16, auto, or auto/16.
  package init?(words argument: String) {
    let halves = argument.split(separator: "/", omittingEmptySubsequences: false)
    let count = halves.count == 2 ? Int(halves[1]) : nil
    guard halves.count == 1 || (count.map { (1...1_000_000).contains($0) } ?? false) else {
      return nil
    }
    if halves[0] == "auto" {
      self = .automatic(count: count)
    } else {
      guard let number = Int(halves[0]), let count, (1...count).contains(number) else { return nil }
      self = .given(Part(number: number, count: count))
    }
  }

  /// - Throws: `BatchProblem` where a launcher says nothing, or contradicts itself or the user.
  package func part(_ environment: [String: String] = Environment.launcher) throws -> Part {
    switch self {
    case .given(let part): part
    case .automatic(let count): try Launcher(environment).part(of: count)
    }
  }
}

/// What the launcher of this process told it of its place among others.
private struct Launcher {
  private let variables: [String: String]

  init(_ variables: [String: String]) { self.variables = variables }

  /// A place among others, from 0.
  private struct Place: Equatable {
    let rank: Int
    /// nil where the launcher tells the rank alone.
    let size: Int?
    /// The variables that say so, for messages.
    let source: String
  }

  func part(of count: Int?) throws -> Part {
    let (task, process) = (try arrayTask(), try process())
    guard let first = task ?? process else {
      throw failure(
        "expected variables of Slurm, Open MPI, PMI or AWS Batch, found none", .part)
    }
    var place = first
    if let task, let process, let processes = process.size {
      guard let tasks = task.size else {
        throw failure(
          "expected one of \(task.source) and \(process.source), found both", .part)
      }
      // Every task of the array runs the same number of processes.
      place = Place(
        rank: task.rank * processes + process.rank, size: tasks * processes,
        source: "\(task.source) with \(process.source)")
    }
    guard let size = place.size ?? count else {
      throw failure(
        "expected the number of parts, which \(place.source) does not give", .count)
    }
    if let count, count != size {
      throw failure("expected \(count) parts, found \(size) in \(place.source)")
    }
    guard (0..<size).contains(place.rank) else {
      throw failure("expected a number below \(size) in \(place.source), found \(place.rank)")
    }
    return Part(number: place.rank + 1, count: size)
  }

  /// The place among the tasks of an array job.
  private func arrayTask() throws -> Place? {
    let slurm = try slurmArrayTask()
    let aws = try number("AWS_BATCH_JOB_ARRAY_INDEX").map {
      Place(
        rank: $0, size: try number("AWS_BATCH_JOB_ARRAY_SIZE"), source: "AWS_BATCH_JOB_ARRAY_INDEX")
    }
    if slurm != nil && aws != nil {
      throw failure(
        "expected an array of Slurm or of AWS Batch, found variables of both", .part)
    }
    return slurm ?? aws
  }

  private func slurmArrayTask() throws -> Place? {
    let source = "SLURM_ARRAY_TASK_ID"
    guard let task = try number(source) else { return nil }
    guard let first = try number("SLURM_ARRAY_TASK_MIN"),
      let last = try number("SLURM_ARRAY_TASK_MAX"),
      let count = try number("SLURM_ARRAY_TASK_COUNT")
    else {
      throw failure("expected \(source) with _MIN, _MAX and _COUNT, found it without one of them")
    }
    guard first <= task, task <= last, count >= 1 else {
      throw failure(
        "expected \(source) of \(first) to \(last) and a count of 1 or more, found \(task) and \(count)"
      )
    }
    let step = count == 1 ? 1 : (last - first) / (count - 1)
    guard step >= 1, first + step * (count - 1) == last, (task - first) % step == 0 else {
      throw failure(
        "expected an array with even steps, found task \(task) among \(count) of \(first) to "
          + "\(last)", .tasks(count: max(1, count)))
    }
    return Place(rank: (task - first) / step, size: count, source: source)
  }

  /// The place among the processes of one job or task.
  private func process() throws -> Place? {
    let openMPI = try place("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE")
    let pmi = try place("PMI_RANK", "PMI_SIZE")
    if let openMPI, let pmi { try check(openMPI, pmi) }
    let mpi = openMPI ?? pmi
    guard let slurm = try slurmProcess(hasLauncher: mpi != nil) else { return mpi }
    guard let mpi else { return slurm }
    // In a job of Slurm's, mpirun starts daemons by srun, one a node, whose variables its processes inherit.
    let isOfDaemon = variables["SLURM_JOB_ID"] != nil && slurm.size != mpi.size
    if !isOfDaemon { try check(mpi, slurm) }
    return mpi
  }

  private func slurmProcess(hasLauncher: Bool) throws -> Place? {
    guard variables["SLURM_PROCID"] != nil else { return nil }
    let isOfStep = variables["SLURM_STEP_NUM_TASKS"] != nil
    let slurm = try place("SLURM_PROCID", isOfStep ? "SLURM_STEP_NUM_TASKS" : "SLURM_NTASKS")
    // A batch script, which is one process however many tasks were asked for, has such variables too.
    guard variables["SLURM_JOB_ID"] != nil, variables["SLURM_STEP_ID"] == nil else { return slurm }
    if let size = slurm?.size, size > 1, !hasLauncher {
      throw failure(
        "expected a process of srun's, as SLURM_NTASKS is \(size), found the batch script's own; put srun "
          + "before the command")
    }
    return nil
  }

  private func place(_ rankName: String, _ sizeName: String) throws -> Place? {
    let (rank, size) = (try number(rankName), try number(sizeName))
    guard let rank else {
      // Slurm tells how many tasks a job has where there are no ranks too.
      if size == nil || sizeName.hasPrefix("SLURM") { return nil }
      throw failure("expected \(rankName) with \(sizeName), found the latter alone")
    }
    // A Slurm job of one task may not say so.
    guard let size = size ?? (sizeName.hasPrefix("SLURM") && rank == 0 ? 1 : nil) else {
      throw failure("expected \(rankName) with \(sizeName), found the former alone")
    }
    guard rank < size else {
      throw failure("expected \(rankName) below \(sizeName), found \(rank) of \(size)")
    }
    return Place(rank: rank, size: size, source: rankName)
  }

  private func check(_ a: Place, _ b: Place) throws {
    guard a.rank == b.rank && a.size == b.size else {
      throw failure(
        "expected the same of \(a.source) and \(b.source), found \(words(a)) and \(words(b))",
        .part)
    }
  }

  private func words(_ place: Place) -> String {
    "\(place.rank)" + (place.size.map { " of \($0)" } ?? "")
  }

  private func number(_ name: String) throws -> Int? {
    guard let text = variables[name] else { return nil }
    guard let value = Int(text), (0...1_000_000_000).contains(value) else {
      throw failure("expected a number in \(name), found \(text)")
    }
    return value
  }

  private func failure(_ words: String, _ remedy: LauncherRemedy = .none) -> BatchProblem {
    .launcher(words, remedy)
  }
}
