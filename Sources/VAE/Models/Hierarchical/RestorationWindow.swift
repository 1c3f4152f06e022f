import Graphs
import Tensors

/// A part of a picture that a conditional model is run on: a core, for which the result is wanted,
/// and margins around it, which the result depends on.
///
/// All extents are multiples of `Hierarchy.alignment`. A margin is 0 where the picture ends and at
/// least `Hierarchy.halo` elsewhere; then the result is that of the whole picture.
package struct RestorationWindow: Hashable, Sendable {
  /// Numbers at the four sides, in pixels or cells of a grid.
  package struct Margins: Hashable, Sendable {
    package var top: Int
    package var bottom: Int
    package var left: Int
    package var right: Int

    package init(top: Int, bottom: Int, left: Int, right: Int) {
      self.top = top
      self.bottom = bottom
      self.left = left
      self.right = right
    }

    package static let zero = Margins(top: 0, bottom: 0, left: 0, right: 0)

    func map(_ change: (Int) -> Int) -> Margins {
      Margins(top: change(top), bottom: change(bottom), left: change(left), right: change(right))
    }
  }

  /// Of core and margins together, in pixels.
  package let height: Int
  /// Of core and margins together, in pixels.
  package let width: Int
  /// In pixels.
  package let margins: Margins

  /// - Precondition: the margins leave a core.
  package init(height: Int, width: Int, margins: Margins = .zero) {
    precondition(margins.top + margins.bottom < height && margins.left + margins.right < width)
    self.height = height
    self.width = width
    self.margins = margins
  }

  package var coreHeight: Int { height - margins.top - margins.bottom }
  package var coreWidth: Int { width - margins.left - margins.right }

  /// Where a group of latents lies.
  package struct Grid: Hashable, Sendable {
    package let channels: Int
    package let height: Int
    package let width: Int
    /// Of the grid's first cell in that of the window, in cells.
    package let top: Int
    /// Of the grid's first cell in that of the window, in cells.
    package let left: Int

    /// Rows of it.
    package func rows(_ range: Range<Int>) -> Grid {
      Grid(
        channels: channels, height: range.count, width: width, top: top + range.lowerBound,
        left: left)
    }

    /// `[1, c, h, w]`.
    package var shape: Shape { [1, channels, height, width] }
  }
}

extension RestorationWindow {
  /// What the decoder needs around the core on a level, in cells. The way down leaves out the rest
  /// level by level: most of the work is done on the finest one, which needs little.
  func margins(_ hierarchy: Hierarchy, level: Int) -> Margins {
    margins.map { min($0 >> (level + 1), hierarchy.decoderReach(level)) }
  }

  /// The grid of a level's latents, from 0 at 1/2.
  package func grid(_ hierarchy: Hierarchy, level: Int) -> Grid {
    let inner = margins(hierarchy, level: level)
    let outer = margins.map { $0 >> (level + 1) }
    return Grid(
      channels: hierarchy.latents[level],
      height: (height >> (level + 1)) - outer.top - outer.bottom + inner.top + inner.bottom,
      width: (width >> (level + 1)) - outer.left - outer.right + inner.left + inner.right,
      top: outer.top - inner.top, left: outer.left - inner.left)
  }
}

extension Value {
  /// `[N, C, H, W]` with less around it.
  func narrowed(
    from outer: RestorationWindow.Margins, to inner: RestorationWindow.Margins
  ) -> Value {
    sliced(axis: 2, outer.top - inner.top..<shape[2] - outer.bottom + inner.bottom)
      .sliced(axis: 3, outer.left - inner.left..<shape[3] - outer.right + inner.right)
  }
}
