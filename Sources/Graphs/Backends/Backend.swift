import Tensors

/// A tensor in the memory of a plan: its shape and where its elements are.
package struct Operand {
  package let shape: Shape
  /// `shape.count` elements in C order, aligned to 64 bytes, valid as long as the plan.
  package let elements: UnsafeMutablePointer<Float>

  package init(shape: Shape, elements: UnsafeMutablePointer<Float>) {
    self.shape = shape
    self.elements = elements
  }
}

/// One operation bound to its operands' memory, ready to run any number of times.
package typealias Step = () throws -> Void

/// Turns operations into steps. Everything that can be settled before the first run (layouts,
/// scratch memory, primitives) is settled in `step`.
package protocol Backend: Sendable {
  /// As in `LATENT_BACKEND`.
  var name: String { get }

  /// Binds one operation. `inputs` are in the order of the operation's documentation. The result
  /// overlaps an input only where `mayRunInPlace` says so, and then exactly.
  ///
  /// - Throws: what the library underneath reports (`BackendError`).
  func step(_ operation: Operation, inputs: [Operand], output: Operand) throws -> Step

  /// The same with other convolutions by minimal filtering.
  func with(_ minimalFiltering: MinimalFiltering) -> any Backend
}

extension Backend {
  package func with(_ minimalFiltering: MinimalFiltering) -> any Backend { self }
}

/// Which convolutions of 3x3 may be done by Winograd's minimal filtering, which is faster but works
/// on tiles of 4x4 places, from the first place on: rounding errors of a place depend on the 6x6
/// pixels that its tile sees. Elsewhere a place depends, to the last bit, on the pixels under its
/// kernel alone.
package enum MinimalFiltering: Sendable {
  case everywhere
  /// Not those that say `isLocal`.
  case exceptLocal
  case nowhere

  /// The side of a tile, in places.
  package static let tile = 4

  func permits(_ geometry: ConvolutionGeometry) -> Bool {
    switch self {
    case .everywhere: true
    case .exceptLocal: !geometry.isLocal
    case .nowhere: false
    }
  }
}

/// What a compute library reported.
package struct BackendError: Error, CustomStringConvertible {
  package let description: String
  package init(_ description: String) { self.description = description }
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
