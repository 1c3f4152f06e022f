import Tensors

/// Colors under transparency. What stands under a fully transparent pixel is no part of the
/// picture, often black: a model that saw it would draw it into its surroundings as a dark fringe.
extension Picture {
  /// Whether colors stand where nothing shows.
  private var hidesColors: Bool { alpha?.contains { $0 <= 0 } ?? false }

  /// The picture with the colors that show continued to where nothing shows: weighted by alpha
  /// they are averaged over ever larger cells until one shows something, and interpolated back
  /// (the push-pull algorithm of Gortler et al. 1996).
  package func continuingColors() -> Picture {
    guard hidesColors, let alpha else { return self }
    var elements = pixels.elements
    let (channels, height, width) = (self.channels, self.height, self.width)
    var levels = [ColorCells(halving: elements, alpha, height, width, channels)]
    while let last = levels.last, last.width > 1 || last.height > 1 { levels.append(last.halved()) }
    for index in levels.indices.dropLast().reversed() {
      levels[index].fill(from: levels[index + 1])
    }
    for pixel in alpha.indices where alpha[pixel] <= 0 {
      for channel in 0..<channels {
        elements[channel * alpha.count + pixel] = levels[0].value(
          channel, x: pixel % width, y: pixel / width)
      }
    }
    var continued = self
    continued.pixels = Tensor(pixels.shape, elements)
    return continued
  }

  /// Takes the transparency of the picture that this one was made of. In the same extents alpha
  /// comes back bit for bit, and so does what it hides; in others alpha is scaled.
  ///
  /// - Parameter original: in this picture's colors.
  package mutating func takeTransparency(of original: Picture) {
    alpha = original.alpha
    guard let hiding = original.alpha else { return }
    guard width == original.width && height == original.height else {
      let plane = Tensor([1, original.height, original.width], hiding)
      alpha = plane.resized(width: width, height: height).elements.map { min(max($0, 0), 1) }
      return
    }
    guard original.hidesColors, channels == original.channels else { return }
    var elements = pixels.elements
    let (hidden, area) = (original.pixels.elements, hiding.count)
    for place in elements.indices where hiding[place % area] <= 0 {
      elements[place] = hidden[place]
    }
    pixels = Tensor(pixels.shape, elements)
  }

  /// Alpha as a layer `[1, H, W]` beside the pixels; none where the picture is opaque.
  package var alphaLayers: [Tensor] {
    guard let alpha, alpha.contains(where: { $0 < 1 }) else { return [] }
    return [Tensor([1, height, width], alpha)]
  }
}

/// Mean colors of square cells of a picture.
private struct ColorCells {
  let width: Int
  let height: Int
  let channels: Int
  /// `[C, H, W]`; 0 where nothing shows until `fill`.
  private var colors: [Float]
  /// `[H, W]`: the sum of alpha.
  private var weights: [Float]

  /// Cells of 2x2 of what is given: colors `[C, H, W]` and weights `[H, W]`.
  init(halving colors: [Float], _ weights: [Float], _ height: Int, _ width: Int, _ channels: Int) {
    let (halfHeight, halfWidth) = ((height + 1) / 2, (width + 1) / 2)
    (self.width, self.height, self.channels) = (halfWidth, halfHeight, channels)
    let (area, cells) = (height * width, halfHeight * halfWidth)
    self.colors = [Float](repeating: 0, count: channels * cells)
    self.weights = [Float](repeating: 0, count: cells)
    for pixel in 0..<area where weights[pixel] > 0 {
      let cell = pixel / width / 2 * halfWidth + pixel % width / 2
      self.weights[cell] += weights[pixel]
      for channel in 0..<channels {
        self.colors[channel * cells + cell] += weights[pixel] * colors[channel * area + pixel]
      }
    }
    for cell in 0..<cells where self.weights[cell] > 0 {
      for channel in 0..<channels { self.colors[channel * cells + cell] /= self.weights[cell] }
    }
  }

  func halved() -> ColorCells { ColorCells(halving: colors, weights, height, width, channels) }

  /// Mixes in what larger cells say, the more, the less shows here.
  mutating func fill(from larger: ColorCells) {
    for cell in weights.indices where weights[cell] < 1 {
      for channel in 0..<channels {
        let place = channel * weights.count + cell
        let around = larger.value(channel, x: cell % width, y: cell / width)
        colors[place] = weights[cell] * colors[place] + (1 - weights[cell]) * around
      }
    }
  }

  /// The color at a cell of half this one's extents, interpolated between centers.
  func value(_ channel: Int, x: Int, y: Int) -> Float {
    func axis(_ place: Int, _ extent: Int) -> (Int, Int, Float) {
      let near = place / 2
      let other = min(max(place % 2 == 0 ? near - 1 : near + 1, 0), extent - 1)
      return (near, other, 0.25)
    }
    let (column, nextColumn, across) = axis(x, width)
    let (row, nextRow, down) = axis(y, height)
    func at(_ row: Int, _ column: Int) -> Float {
      colors[channel * weights.count + row * width + column]
    }
    let upper = (1 - across) * at(row, column) + across * at(row, nextColumn)
    let lower = (1 - across) * at(nextRow, column) + across * at(nextRow, nextColumn)
    return (1 - down) * upper + down * lower
  }
}
