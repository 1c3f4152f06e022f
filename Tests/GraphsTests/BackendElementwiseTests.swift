import Tensors
import Testing

@testable import Graphs

@Suite("Elementwise kernels against the C library")
struct BackendElementwiseTests {
  static let functions: [UnaryFunction] = [
    .negate, .exp, .log, .sqrt, .square, .reciprocal, .absolute, .sine, .cosine, .tanh, .sigmoid,
    .softplus, .relu, .leakyRelu(slope: 0.1), .elu, .silu, .gelu, .clamp(lower: -0.5, upper: 2),
  ]

  static let special: [Float] = [
    0, -0.0, .infinity, -.infinity, .nan, .greatestFiniteMagnitude, -.greatestFiniteMagnitude,
    .leastNormalMagnitude, -.leastNormalMagnitude, .leastNonzeroMagnitude,
    .leastNormalMagnitude / 1000, 1, -1, 2, -0.5,
    88.7, 88.8, 89, 100, -87, -88, -95, -103, -104, -200, 8192, -8193, 1e5, 1e10, -1e10, 0.625,
  ]

  /// From 1e-12 to 1e3 in both signs, closely spaced, and the special numbers.
  static let numbers: [Float] = {
    var numbers = special
    var source = RandomSource(seed: 3)
    for index in 0..<9000 {
      let exponent = Float(index % 1500) / 100 - 12
      let size = UnaryFunction.exp.value(at: 2.302585 * exponent) * (1 + source.nextUniform())
      numbers.append(index % 2 == 0 ? size : -size)
    }
    return numbers
  }()

  /// Whether `found` is `expected` to within 1e-6 of its size, or of `scale` where the function
  /// is a difference of larger numbers.
  private func agrees(_ found: Float, _ expected: Float, scale: Float) -> Bool {
    if found.isNaN || expected.isNaN { return found.isNaN && expected.isNaN }
    if found == expected { return true }
    if found.isInfinite || expected.isInfinite { return false }
    let slack = 1e-6 * abs(expected) + 3e-7 * scale + 2 * Float.leastNonzeroMagnitude
    return abs(found - expected) <= slack
  }

  private func scale(_ function: UnaryFunction, _ x: Float) -> Float {
    switch function {
    case .sine, .cosine: 1
    case .gelu: min(max(abs(x), 1), 100)
    default: 0
    }
  }

  @Test("Values", arguments: functions)
  func values(_ function: UnaryFunction) throws {
    let x = Tensor([Self.numbers.count], Self.numbers)
    let found = try evaluate(.unary(function), [x], x.shape, on: PortableBackend())
    // One expectation for all: thousands of them would take seconds.
    let wrong = Self.numbers.indices.filter { index in
      let x = Self.numbers[index]
      return !agrees(found[index], function.value(at: x), scale: scale(function, x))
    }
    #expect(wrong.isEmpty, "\(function)(\(wrong.prefix(5).map { (Self.numbers[$0], found[$0]) }))")
  }

  @Test("Gradients", arguments: functions)
  func gradients(_ function: UnaryFunction) throws {
    let operand = Tensor([Self.numbers.count], Self.numbers)
    var source = RandomSource(seed: 4)
    let dy = source.normal(operand.shape)
    let found = try evaluate(
      .unaryGradient(function), [dy, operand], operand.shape, on: PortableBackend())
    let wrong = Self.numbers.indices.filter { index in
      let operand = Self.numbers[index]
      let expected = dy[index] * function.derivative(operand: operand)
      // 1 - y^2 and its like are differences too.
      let scale = max(scale(function, operand), min(abs(operand), 1e4)) * abs(dy[index])
      return !agrees(found[index], expected, scale: scale)
    }
    #expect(wrong.isEmpty, "\(function)'(\(wrong.prefix(5).map { (Self.numbers[$0], found[$0]) }))")
  }

  @Test(
    "Functions of two numbers",
    arguments: [
      BinaryFunction.add, .subtract, .multiply, .divide, .minimum, .maximum, .greater,
    ])
  func pairs(_ function: BinaryFunction) throws {
    let a = Self.special.flatMap { [Float](repeating: $0, count: Self.special.count) }
    let b = Self.special.flatMap { _ in Self.special }
    let shape: Shape = [a.count]
    let found = try evaluate(
      .binary(function), [Tensor(shape, a), Tensor(shape, b)], shape, on: PortableBackend())
    let wrong = a.indices.filter { index in
      let expected = function.value(at: a[index], b[index])
      return !(found[index] == expected || (found[index].isNaN && expected.isNaN))
    }
    #expect(wrong.isEmpty, "\(function)(\(wrong.prefix(5).map { (a[$0], b[$0], found[$0]) }))")
  }

  @Test("The result may stand in an operand's memory", arguments: [5, 1000, 70_000])
  func inPlace(count: Int) throws {
    var source = RandomSource(seed: 5)
    let shape: Shape = [count]
    let tensor = source.normal(shape)
    let second = source.normal(shape)
    let operations: [Graphs.Operation] =
      [.affine(scale: 2, offset: -1), .binary(.multiply), .unaryGradient(.tanh)]
      + Self.functions.map(Graphs.Operation.unary)
    for operation in operations {
      let inputs: [Tensor]
      switch operation {
      case .binary, .unaryGradient: inputs = [tensor, second]
      default: inputs = [tensor]
      }
      let expected = try evaluate(operation, inputs, shape, on: PortableBackend())
      for place in inputs.indices {
        let memory = inputs.map { input in
          let memory = AlignedMemory(count: count)
          for index in 0..<count { memory.elements[index] = input[index] }
          return memory
        }
        defer { withExtendedLifetime(memory) {} }
        let operands = memory.map { Operand(shape: shape, elements: $0.elements) }
        try PortableBackend().step(operation, inputs: operands, output: operands[place])()
        let found = Array(UnsafeBufferPointer(start: memory[place].elements, count: count))
        #expect(zip(found, expected).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) })
      }
    }
  }
}
