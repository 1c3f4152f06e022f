import CKernels
import Platform
import Tensors

/// A graph compiled for its shapes: memory assigned, operations bound, nothing left to decide.
///
/// A run allocates nothing. A plan belongs to one thread at a time.
package final class Plan {
  /// Where the value of a node stands.
  private enum Place {
    /// At an offset of the arena, in elements.
    case arena(Int)
    /// In memory that outlives the run.
    case fixed(UnsafeMutablePointer<Float>)
  }

  private let arena: AlignedMemory
  /// Memory of inputs, constants and outputs.
  private let owned: [AlignedMemory]
  private var steps: [Step] = []
  /// The step after which each parameter's gradient is final, in the order of the store's slots.
  package private(set) var gradientSteps: [Int] = []
  private var inputs: [String: Operand] = [:]
  private let outputs: [Operand]
  /// Inputs and outputs by their nodes.
  private var operands: [Int: Operand] = [:]
  private let parameters: ParameterStore

  /// The elements that all intermediate values of a run share.
  package let arenaCount: Int

  /// Compiles what `outputs` and `gradients` need.
  ///
  /// - Parameters:
  ///   - outputs: the values to read after a run.
  ///   - gradients: values to write into `parameters.gradients`, by parameter name.
  ///   - placed: memory of the caller's for inputs and outputs, by their nodes.
  ///   - parameters: holds every parameter of the graph that is needed, with its shape.
  ///   - memory: for intermediate values, where several plans run in turn.
  /// - Throws: `BackendError` where the library underneath refuses an operation; `MemoryError` where there
  ///   is less memory than the plan needs, before any is taken for what is computed on the way.
  package init(
    _ graph: Graph, outputs: [Value], gradients: [(name: String, value: Value)] = [],
    placed: [Int: UnsafeMutablePointer<Float>] = [:], parameters: ParameterStore,
    backend: any Backend, memory: PlanMemory = PlanMemory()
  ) throws {
    self.parameters = parameters
    let nodes = graph.nodes
    let origins = Plan.origins(of: nodes)
    let wanted = outputs.map(\.index) + gradients.map(\.value.index)
    let live = Plan.live(nodes, wanted)
    let order = nodes.indices.filter { live[$0] }

    var places = [Place?](repeating: nil, count: nodes.count)
    var owned: [AlignedMemory] = []
    func own(_ count: Int) throws -> UnsafeMutablePointer<Float> {
      try Memory.require(count, elements: 4, for: Self.purpose)
      let memory = AlignedMemory(count: count)
      owned.append(memory)
      return memory.elements
    }
    var inputs: [String: Operand] = [:]
    for index in order {
      let node = nodes[index]
      switch node.operation {
      case .parameter(let name):
        guard let slot = parameters.slot(name), slot.shape == node.shape else {
          preconditionFailure("the store has no parameter \(name) of shape \(node.shape)")
        }
        places[index] = .fixed(parameters.values + slot.offset)
      case .input(let name):
        let elements = try placed[index] ?? own(node.shape.count)
        // Whoever fills it is one thread; new pages cost less time when all threads touch them.
        if placed[index] == nil { latent_clear(elements, node.shape.count) }
        places[index] = .fixed(elements)
        inputs[name] = Operand(shape: node.shape, elements: elements)
        operands[index] = inputs[name]
      case .constant(let number):
        let elements = try own(node.shape.count)
        elements.update(repeating: number, count: node.shape.count)
        places[index] = .fixed(elements)
      case .tensor(let numbers):
        let elements = try own(node.shape.count)
        for (position, number) in numbers.enumerated() { elements[position] = number }
        places[index] = .fixed(elements)
      default: break
      }
    }

    var copies: [(from: Int, to: UnsafeMutablePointer<Float>)] = []
    for (name, value) in gradients {
      guard let slot = parameters.slot(name), slot.shape == value.shape else {
        preconditionFailure("the store has no parameter \(name) of shape \(value.shape)")
      }
      let destination = parameters.gradients + slot.offset
      let root = origins[value.index].root
      if places[root] == nil && nodes[root].shape.count == value.shape.count {
        places[root] = .fixed(destination)
      } else {
        copies.append((value.index, destination))
      }
    }
    for index in outputs.map(\.index) + copies.map(\.from) {
      let root = origins[index].root
      if places[root] == nil {
        places[root] = .fixed(try placed[index] ?? own(nodes[root].shape.count))
      }
    }

    arenaCount = Plan.assignArena(nodes, order, origins) { root in
      if case .fixed = places[root] { return true }
      return false
    } assign: { root, offset in
      places[root] = .arena(offset)
    }
    let arena = try memory.lend(arenaCount)
    self.arena = arena
    self.owned = owned
    self.inputs = inputs

    func operand(_ index: Int) -> Operand {
      let elements: UnsafeMutablePointer<Float>
      switch places[origins[index].root] {
      case .arena(let offset): elements = arena.elements + offset + origins[index].offset
      case .fixed(let memory): elements = memory + origins[index].offset
      case nil: preconditionFailure("a live node without memory")
      }
      return Operand(shape: nodes[index].shape, elements: elements)
    }
    self.outputs = outputs.map { operand($0.index) }
    for (output, operand) in zip(outputs, self.outputs) { operands[output.index] = operand }
    let profile = Profile.current
    let start = monotonicSeconds()
    defer { profile?.counter(Work("compiling plans")).add(monotonicSeconds() - start) }
    var stepOfNode = [Int?](repeating: nil, count: nodes.count)
    for index in order where origins[index].root == index && !nodes[index].operation.isSource {
      stepOfNode[index] = steps.count
      let node = nodes[index]
      let operands = node.inputs.map(operand)
      let step = try backend.step(node.operation, inputs: operands, output: operand(index))
      steps.append(profile?.timing(step, node, inputs: operands) ?? step)
    }
    for (from, to) in copies {
      let source = operand(from)
      steps.append { to.update(from: source.elements, count: source.shape.count) }
    }
    let copied = Set(copies.map(\.to))
    var stepOfSlot: [Int: Int] = [:]
    for (name, value) in gradients {
      guard let slot = parameters.slot(name) else { continue }
      let isCopied = copied.contains(parameters.gradients + slot.offset)
      stepOfSlot[slot.offset] =
        isCopied ? steps.count - 1 : stepOfNode[origins[value.index].root] ?? steps.count - 1
    }
    // What no gradient is written for never changes.
    gradientSteps = parameters.slots.map { stepOfSlot[$0.offset] ?? 0 }
  }

  static let purpose = "the network's numbers"

  /// Computes all outputs and gradients from the inputs and parameters as they are now.
  package func run() throws {
    for step in steps { try step() }
  }

  /// As above; `body` is called with the number of each step after it.
  package func run(after body: (Int) throws -> Void) throws {
    for (index, step) in steps.enumerated() {
      try step()
      try body(index)
    }
  }

  /// As `run`, where outputs go out into the world.
  ///
  /// - Parameter count: how many of the outputs do, the first ones; all where nil.
  /// - Throws: `NotFiniteError` where a number of an output is not finite.
  package func runChecked(_ count: Int? = nil) throws {
    try run()
    for position in outputs.indices.prefix(count ?? outputs.count) {
      // 0 times a finite number is 0, times another NaN: one sum without a branch.
      let sum = outputBuffer(position).reduce(Float(0)) { $0 + $1 * 0 }
      if sum != 0 { throw NotFiniteError() }
    }
  }

  /// The memory of an input, to be filled before a run; nil where no output depends on it.
  package func input(_ name: String) -> UnsafeMutableBufferPointer<Float>? {
    inputs[name].map { UnsafeMutableBufferPointer(start: $0.elements, count: $0.shape.count) }
  }

  /// Copies a tensor into an input; nothing happens where no output depends on it.
  ///
  /// - Precondition: the shapes are equal.
  package func fill(_ name: String, with tensor: Tensor) {
    guard let operand = inputs[name] else { return }
    precondition(operand.shape == tensor.shape, "input \(name) is \(operand.shape)")
    tensor.elements.withUnsafeBufferPointer {
      if let base = $0.baseAddress { operand.elements.update(from: base, count: $0.count) }
    }
  }

  /// The output at a position of the list that the plan was made for, after a run.
  package func output(_ position: Int) -> Tensor {
    let operand = outputs[position]
    return Tensor(operand.shape, Array(outputBuffer(position)))
  }

  /// The memory of an input or an output; empty for an input that no output depends on.
  func memory(of value: Value) -> UnsafeMutableBufferPointer<Float> {
    guard let operand = operands[value.index] else {
      guard case .input = value.node.operation else { preconditionFailure("no output") }
      return UnsafeMutableBufferPointer(start: nil, count: 0)
    }
    return UnsafeMutableBufferPointer(start: operand.elements, count: operand.shape.count)
  }

  /// The memory of an output, valid until the next run.
  package func outputBuffer(_ position: Int) -> UnsafeBufferPointer<Float> {
    UnsafeBufferPointer(
      start: outputs[position].elements, count: outputs[position].shape.count)
  }

  /// The only number of a scalar output.
  package func scalar(_ position: Int) -> Float { outputs[position].elements[0] }
}

/// A network whose parameters, for what it was given, lead out of the numbers' range.
package struct NotFiniteError: Error, Hashable, Sendable, CustomStringConvertible {
  package init() {}

  package var description: String { "the model gives numbers that are not finite" }
}

extension Operation {
  /// Whether a node has its value before the first step.
  var isSource: Bool {
    switch self {
    case .input, .parameter, .constant, .tensor: true
    default: false
    }
  }
}
