import Pictures

/// A Bayer mosaic and the ways back to three planes.
struct ColorFilterArray: Sendable {
  /// How many rows and columns, 0 or 1, the picture's corner stands from a red pixel's.
  let top: Int
  let left: Int
  let method: Method

  enum Method: Sendable {
    /// The mean of the nearest neighbors.
    case bilinear
    /// Malvar, He and Cutler 2004: corrected by the Laplacian of the color that was measured.
    case malvar
  }

  /// Which plane, 0 red, 1 green or 2 blue, a place measures.
  func channel(_ y: Int, _ x: Int) -> Int { ((y + top) & 1) + ((x + left) & 1) }

  /// The measured color of every place: `[3, H, W]` to `[H, W]`.
  func mosaic(
    _ planes: MutablePlaneView, into mosaic: MutablePlaneView
  ) {
    let (height, width) = (planes.region.height, planes.region.width)
    for y in 0..<height {
      for x in 0..<width {
        let place = y &* width &+ x
        mosaic[place] = planes[channel(y, x) &* height &* width &+ place]
      }
    }
  }

  /// The three colors of every place: `[H, W]` to `[3, H, W]`.
  func demosaic(
    _ mosaic: MutablePlaneView, into planes: MutablePlaneView
  ) {
    let (height, width) = (planes.region.height, planes.region.width)
    let (stride, area) = (width + 4, height * width)
    MutablePlaneView.withTemporary(height: height + 4, width: stride) { wide in
      for y in 0..<height + 4 {
        let row = PlaneFilter.mirrored(y - 2, height) * width
        for x in 0..<stride {
          wide[y * stride + x] = mosaic[row + PlaneFilter.mirrored(x - 2, width)]
        }
      }
      for y in 0..<height {
        for x in 0..<width {
          let center = (y &+ 2) &* stride &+ x &+ 2
          let place = y &* width &+ x
          let neighbors = Neighbors(wide, center, stride)
          let own = channel(y, x)
          planes[own &* area &+ place] = neighbors.center
          if own == 1 {
            // The row of a green pixel holds red or blue.
            let besides = channel(y, x &+ 1)
            planes[besides &* area &+ place] = neighbors.colorAside(method)
            planes[(2 &- besides) &* area &+ place] = neighbors.colorAbove(method)
          } else {
            planes[area &+ place] = neighbors.green(method)
            planes[(2 &- own) &* area &+ place] = neighbors.opposite(method)
          }
        }
      }
    }
  }
}

/// What the formulas of Malvar, He and Cutler 2004 (figure 2) read around a place.
private struct Neighbors {
  let center: Float
  /// The sums of left and right, above and below, at a distance of one and of two.
  let aside: Float
  let above: Float
  let farAside: Float
  let farAbove: Float
  /// The sum of the four diagonal ones.
  let diagonal: Float

  init(_ plane: MutablePlaneView, _ place: Int, _ stride: Int) {
    center = plane[place]
    aside = plane[place &- 1] + plane[place &+ 1]
    above = plane[place &- stride] + plane[place &+ stride]
    farAside = plane[place &- 2] + plane[place &+ 2]
    farAbove = plane[place &- 2 &* stride] + plane[place &+ 2 &* stride]
    diagonal =
      plane[place &- stride &- 1] + plane[place &- stride &+ 1] + plane[place &+ stride &- 1]
      + plane[place &+ stride &+ 1]
  }

  func green(_ method: ColorFilterArray.Method) -> Float {
    method == .bilinear
      ? (aside + above) / 4 : (4 * center + 2 * (aside + above) - farAside - farAbove) / 8
  }

  /// Of a green place: the color that its row holds.
  func colorAside(_ method: ColorFilterArray.Method) -> Float {
    method == .bilinear
      ? aside / 2 : (5 * center + 4 * aside - diagonal - farAside + 0.5 * farAbove) / 8
  }

  /// Of a green place: the color that its column holds.
  func colorAbove(_ method: ColorFilterArray.Method) -> Float {
    method == .bilinear
      ? above / 2 : (5 * center + 4 * above - diagonal - farAbove + 0.5 * farAside) / 8
  }

  /// Of a red place blue, of a blue one red.
  func opposite(_ method: ColorFilterArray.Method) -> Float {
    method == .bilinear
      ? diagonal / 4 : (6 * center + 2 * diagonal - 1.5 * (farAside + farAbove)) / 8
  }
}
