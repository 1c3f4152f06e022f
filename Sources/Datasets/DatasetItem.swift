import Files
import ImageCodecs
import Pictures

/// Where an example comes from, and its extents in the file.
struct DatasetItem: Sendable {
  let path: String
  /// The position in an IDX file or an array; nil for a picture file.
  let record: Int?
  /// Which of the opened IDX files and arrays.
  let container: Int?
  let width: Int
  let height: Int
  let hasColor: Bool
  /// The picture's extents in the file where the example is the picture at half its size, and `width`
  /// and `height` are the halves; nil otherwise.
  var whole: ImageWindow.Extents?

  var isHalved: Bool { whole != nil }

  var name: String {
    let name = record.map { "\(path)#\($0)" } ?? path
    return isHalved ? name + " at half size" : name
  }

  /// The same picture at half its size.
  var half: DatasetItem {
    DatasetItem(
      path: path, record: record, container: container, width: width / 2, height: height / 2,
      hasColor: hasColor,
      whole: ImageWindow.Extents(width: width, height: height))
  }
}

extension DatasetWarning {
  /// A warning from an error whose message may carry the path itself.
  init(_ path: String, _ error: any Error) {
    switch error {
    case let error as FileError: self.init(path: path, reason: error.message)
    case let error as ImageError: self.init(path: path, reason: error.message)
    default: self.init(path: path, reason: "\(error)")
    }
  }
}

/// Turns a data set's items into samples of the right extents and channels.
struct SampleDecoder: Sendable {
  let options: DatasetOptions
  let containers: [StoredPictures]
  let channels: Int

  /// The extents of an item's sample.
  func size(_ item: DatasetItem) -> (width: Int, height: Int) {
    if case .scaled(let width, let height) = options.size { return (width, height) }
    return (item.width, item.height)
  }

  /// The sample that stands in a container's bytes as it is; nil where there is none.
  func direct(_ item: DatasetItem) -> Dataset.Sample? {
    guard let container = item.container, let record = item.record else { return nil }
    let file = containers[container]
    guard file.channels == 1, channels == 1, size(item) == (file.width, file.height) else {
      return nil
    }
    return Dataset.Sample(
      channels: 1, height: file.height, width: file.width, storage: file.bytes,
      offset: record * file.width * file.height)
  }

  func decode(_ item: DatasetItem) throws -> Dataset.Sample {
    if let sample = direct(item) { return sample }
    let size = size(item)
    let geometry = geometry(item)
    let image = try image(item, geometry: geometry)
    if case .scaled = options.size {
    } else {
      let divisor = item.isHalved ? 2 : 1
      guard image.width / divisor == size.width && image.height / divisor == size.height else {
        throw ImageError(
          kind: .badData, path: item.path,
          message:
            "\(image.width)x\(image.height) pixels, expected \(divisor * size.width)x"
            + "\(divisor * size.height)")
      }
    }
    return Dataset.Sample(
      channels: channels, height: size.height, width: size.width, storage: geometry.bytes(of: image)
    )
  }

  /// A part of an item's sample. Of a picture file no more is decoded than it takes.
  ///
  /// - Parameter window: within the item's extents.
  func decode(_ item: DatasetItem, window: Region) throws -> Dataset.Sample {
    let geometry = geometry(item)
    let whole = item.whole ?? ImageWindow.Extents(width: item.width, height: item.height)
    guard item.container == nil,
      let axes = geometry.axes(window, width: whole.width, height: whole.height)
    else { return try decode(item).part(window) }
    let (columns, rows) = (axes.columns.span, axes.rows.span)
    let part = ImageWindow(
      x: columns.lowerBound, y: rows.lowerBound, width: columns.count, height: rows.count,
      of: whole)
    let image = try ImageReader.read(path: item.path, limits: options.limits, window: part)
    return Dataset.Sample(
      channels: channels, height: window.height, width: window.width,
      storage: geometry.bytes(of: image, at: part, axes))
  }

  /// An item's picture as it is in its file.
  ///
  /// - Precondition: the data set is not of scaled pictures.
  func picture(_ item: DatasetItem) throws -> Image {
    try image(item, geometry: geometry(item))
  }

  private func geometry(_ item: DatasetItem) -> ImageGeometry {
    let size = size(item)
    return ImageGeometry(
      width: size.width, height: size.height, channels: channels, fitting: options.fitting,
      background: options.background)
  }

  private func image(_ item: DatasetItem, geometry: ImageGeometry) throws -> Image {
    guard let container = item.container, let record = item.record else {
      if case .scaled = options.size {
        return try ImageReader.read(
          path: item.path, limits: options.limits,
          minimumSize: geometry.sufficientSize(width: item.width, height: item.height))
      }
      return try ImageReader.read(path: item.path, limits: options.limits)
    }
    let file = containers[container]
    let count = file.width * file.height * file.channels
    return Image(
      width: file.width, height: file.height, colorModel: file.channels == 1 ? .gray : .rgb,
      samples: .bits8(Array(file.bytes[record * count..<(record + 1) * count])))
  }
}
