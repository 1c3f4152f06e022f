import Tensors

/// A tensor in the memory of a plan: its shape and where its elements are.
public struct Operand {
  public let shape: Shape
  /// `shape.count` elements in C order, aligned to 64 bytes, valid as long as the plan.
  public let elements: UnsafeMutablePointer<Float>

  public init(shape: Shape, elements: UnsafeMutablePointer<Float>) {
    self.shape = shape
    self.elements = elements
  }
}

/// One operation bound to its operands' memory, ready to run any number of times.
public typealias Step = () throws -> Void

/// Turns operations into steps. Everything that can be settled before the first run (layouts,
/// scratch memory, primitives) is settled in `step`.
public protocol Backend: Sendable {
  /// As in `LATENT_BACKEND`.
  var name: String { get }

  /// Binds one operation. `inputs` are in the order of the operation's documentation. The result
  /// overlaps an input only where `mayRunInPlace` says so, and then exactly.
  ///
  /// - Throws: what the library underneath reports (`BackendError`).
  func step(_ operation: Operation, inputs: [Operand], output: Operand) throws -> Step
}

/// What a compute library reported.
public struct BackendError: Error, CustomStringConvertible {
  public let description: String
  public init(_ description: String) { self.description = description }
}

extension Operation {
  /// Whether the result may stand in the memory of an input of the same size.
  var mayRunInPlace: Bool {
    switch self {
    case .unary, .unaryGradient, .affine, .binary, .special, .reshape, .stopGradient: true
    default: false
    }
  }
}
