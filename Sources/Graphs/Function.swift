import Tensors

/// A graph compiled as a function. What it takes and what it gives are values of the graph, which
/// `values` keeps under the names that its maker chose; their memory is lent for the length of a closure.
package final class Function<Values> {
  package let values: Values
  private let plan: Plan
  private let isChecked: Bool

  /// - Parameters:
  ///   - values: inputs and outputs.
  ///   - outputs: those of the values that are wanted.
  ///   - gradients, parameters, memory: as of `Plan`.
  ///   - isChecked: whether a run throws `NotFiniteError` where a number of an output is not finite.
  /// - Throws: `BackendError` where the library underneath refuses an operation.
  package init(
    _ graph: Graph, _ values: Values, outputs: [Value],
    gradients: [(name: String, value: Value)] = [], parameters: ParameterStore,
    backend: any Backend, memory: PlanMemory = PlanMemory(), isChecked: Bool = true
  ) throws {
    self.values = values
    self.isChecked = isChecked
    plan = try Plan(
      graph, outputs: outputs, gradients: gradients, parameters: parameters, backend: backend,
      memory: memory)
  }

  /// The elements that all intermediate values of a run share.
  package var arenaCount: Int { plan.arenaCount }

  /// Lends the inputs, which keep what is written until it is written over.
  package func write<R>(_ body: (FunctionInputs, Values) throws -> R) rethrows -> R {
    try body(FunctionInputs(plan: plan), values)
  }

  /// Runs, and lends the results.
  package func run<R>(_ read: (FunctionResults, Values) throws -> R) throws -> R {
    if isChecked { try plan.runChecked() } else { try plan.run() }
    return try read(FunctionResults(plan: plan), values)
  }

  /// For each parameter, after which step of a run its gradient is final.
  package var gradientSteps: [Int] { plan.gradientSteps }

  /// As above, without a check of the results.
  ///
  /// - Parameter step: is called with the number of each step after it.
  package func run<R>(
    after step: (Int) throws -> Void, _ read: (FunctionResults, Values) throws -> R
  ) throws -> R {
    try plan.run(after: step)
    return try read(FunctionResults(plan: plan), values)
  }

  /// Writes inputs, runs, and lends the results.
  package func callAsFunction<R>(
    _ body: (FunctionInputs, Values) throws -> Void, read: (FunctionResults, Values) throws -> R
  ) throws -> R {
    try write(body)
    return try run(read)
  }
}

/// The inputs of a function, lent for the length of a call.
package struct FunctionInputs {
  let plan: Plan

  /// The memory of an input; empty where no output depends on it.
  package subscript(input: Value) -> UnsafeMutableBufferPointer<Float> { plan.memory(of: input) }

  /// - Precondition: the counts are equal.
  package func set(_ input: Value, _ numbers: some Collection<Float>) {
    let memory = self[input]
    guard !memory.isEmpty else { return }
    precondition(numbers.count == memory.count, "an input of \(input.shape)")
    _ = memory.update(fromContentsOf: numbers)
  }

  package func set(_ input: Value, to number: Float) { self[input].update(repeating: number) }

  /// One row after the other; a row of one number is repeated.
  package func set(_ input: Value, rows: [[Float]]) {
    let memory = self[input]
    let extent = memory.count / rows.count
    for (index, numbers) in rows.enumerated() where extent > 0 {
      let row = memory[index * extent..<(index + 1) * extent]
      if numbers.count == 1 {
        row.update(repeating: numbers[0])
      } else {
        _ = row.update(fromContentsOf: numbers)
      }
    }
  }

  package func setNormal(_ input: Value, using random: inout RandomSource) {
    if !self[input].isEmpty { random.fillNormal(self[input]) }
  }

  package func setUniform(_ input: Value, using random: inout RandomSource) {
    if !self[input].isEmpty { random.fillUniform(self[input]) }
  }
}

/// The results of a function, lent for the length of a call.
package struct FunctionResults {
  let plan: Plan

  package subscript(output: Value) -> UnsafeBufferPointer<Float> {
    UnsafeBufferPointer(changing(output))
  }

  /// The memory of an output, which the next run writes anew.
  package func changing(_ output: Value) -> UnsafeMutableBufferPointer<Float> {
    plan.memory(of: output)
  }

  package func tensor(_ output: Value) -> Tensor { Tensor(output.shape, Array(self[output])) }

  /// The first number.
  package func scalar(_ output: Value) -> Float { self[output][0] }

  /// The numbers of a row of `[N, ...]`.
  package func row(_ index: Int, of output: Value) -> UnsafeBufferPointer<Float> {
    let count = output.shape.count / output.shape[0]
    return UnsafeBufferPointer(rebasing: self[output][index * count..<(index + 1) * count])
  }
}

/// Functions by what they were compiled for: those that were called last. A function takes memory with the
/// extents of what it is compiled for, so that only few are kept.
package final class FunctionCache<Key: Hashable> {
  private let parameters: ParameterStore
  private let backend: any Backend
  private let count: Int
  private let size: Int
  /// Of intermediate values, where only one function runs at a time.
  private let memory: PlanMemory?
  private var entries: [(key: Key, size: Int, function: AnyObject)] = []

  /// - Parameters:
  ///   - count: functions that are kept.
  ///   - size: of all together, in the units of `function`.
  ///   - sharesMemory: whether intermediate values of all have one memory.
  package init(
    parameters: ParameterStore, backend: any Backend, count: Int, size: Int = .max,
    sharesMemory: Bool = false
  ) {
    self.parameters = parameters
    self.backend = backend
    self.count = count
    self.size = size
    memory = sharesMemory ? PlanMemory() : nil
  }

  /// The function of a key, compiled where there is none.
  ///
  /// - Parameters:
  ///   - size: what it counts, where it is compiled.
  ///   - make: its inputs and outputs, and which of them are outputs.
  /// - Precondition: all functions of a key have the same type of values.
  package func function<Values>(
    _ key: Key, size: Int = 0, make: (Graph) -> (values: Values, outputs: [Value])
  ) throws -> Function<Values> {
    if let index = entries.firstIndex(where: { $0.key == key }) {
      let entry = entries.remove(at: index)
      entries.append(entry)
      guard let function = entry.function as? Function<Values> else {
        preconditionFailure("another function under one key")
      }
      return function
    }
    // Before the new one takes its memory.
    while !entries.isEmpty
      && (entries.count >= count || entries.reduce(size, { $0 + $1.size }) > self.size)
    {
      entries.removeFirst()
    }
    let graph = Graph()
    let (values, outputs) = make(graph)
    let shared = memory?.count
    let function = try Function(
      graph, values, outputs: outputs, parameters: parameters, backend: backend,
      memory: memory ?? PlanMemory())
    // The others hold memory that has become too small.
    if memory?.count != shared { entries.removeAll() }
    entries.append((key, size, function))
    return function
  }
}
