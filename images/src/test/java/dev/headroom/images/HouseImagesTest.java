package dev.headroom.images;

import dev.headroom.testkit.house.HouseTest;

class HouseImagesTest extends HouseTest {}
