import Platform
import Tensors

/// Ways from one latent vector to another.
public enum Interpolation: String, Hashable, Sendable, CaseIterable {
  /// The straight line.
  case linear
  /// Along the great circle (White 2016), the length changing linearly: stays where a Gaussian
  /// prior in many dimensions has its mass.
  case spherical

  /// The vector at `position` (0 at `a`, 1 at `b`).
  ///
  /// - Precondition: the shapes are equal.
  public func between(_ a: Tensor, _ b: Tensor, at position: Float) -> Tensor {
    precondition(a.shape == b.shape, "vectors of one length")
    var (forA, forB) = (1 - position, position)
    if self == .spherical {
      let (lengthA, lengthB) = (a.length, b.length)
      let product = zip(a.elements, b.elements).reduce(Float(0)) { $0 + $1.0 * $1.1 }
      let cosine = min(max(product / (lengthA * lengthB), -1), 1)
      let angle = acosf(cosine)
      if lengthA > 0 && lengthB > 0 && sinf(angle) > 1e-4 {
        let length = (1 - position) * lengthA + position * lengthB
        forA = sinf((1 - position) * angle) / sinf(angle) * length / lengthA
        forB = sinf(position * angle) / sinf(angle) * length / lengthB
      }
    }
    return Tensor(a.shape, zip(a.elements, b.elements).map { forA * $0 + forB * $1 })
  }

  /// `count` vectors along all `stops` in turn, evenly spaced, the first and the last stop
  /// included.
  ///
  /// - Parameters:
  ///   - groups: how many numbers of a vector belong to each of the groups that go their
  ///     ways on their own; nil for one group.
  ///   - changing: which of the groups go their ways; the others stay those of the first stop. nil for all.
  /// - Precondition: at least one stop; `count` at least 1; the groups make up a vector.
  public func path(
    through stops: [Tensor], count: Int, groups: [Int]? = nil, changing: [Bool]? = nil
  ) -> [Tensor] {
    let groups = groups ?? [stops[0].shape.count]
    let changing = changing ?? groups.map { _ in true }
    precondition(
      groups.reduce(0, +) == stops[0].shape.count && changing.count == groups.count,
      "groups that make up a vector")
    return positions(stops: stops.count, count: count).map { segment, position in
      let (a, b) = (stops[segment], stops[min(segment + 1, stops.count - 1)])
      var start = 0
      return Tensor(
        a.shape,
        zip(groups, changing).flatMap { size, isChanging in
          defer { start += size }
          if !isChanging { return stops[0].part(start, size).elements }
          let part = a.part(start, size)
          return position == 0
            ? part.elements : between(part, b.part(start, size), at: position).elements
        })
    }
  }

  /// For each frame the stop before it and the share of the way to the next.
  public func positions(stops: Int, count: Int) -> [(segment: Int, position: Float)] {
    precondition(stops > 0 && count > 0, "something to show")
    return (0..<count).map { frame in
      guard count > 1, stops > 1 else { return (0, 0) }
      let numerator = frame * (stops - 1)
      let segment = numerator / (count - 1)
      return (segment, Float(numerator % (count - 1)) / Float(count - 1))
    }
  }
}

extension Tensor {
  /// `count` elements from `start` on, `[count]`.
  fileprivate func part(_ start: Int, _ count: Int) -> Tensor {
    Tensor([count], Array(elements[start..<start + count]))
  }

  fileprivate var length: Float {
    elements.reduce(Float(0)) { $0 + $1 * $1 }.squareRoot()
  }
}
